-- What must never happen, refused by the database whatever the code does.

-- One spelling per address, so that one mailbox is one user.
alter table users add constraint users_email_is_lower_case check (email = lower(email));

alter table customers add constraint customers_currency_is_iso check (currency ~ '^[a-z]{3}$');

-- One personal customer per user: the owner of a personal customer is its only member.
create function personal_customer_has_one_member() returns trigger language plpgsql as $$
begin
  if (select c.type from customers c where c.id = new.customer_id) = 'personal' then
    if new.role <> 'owner' then
      raise exception 'a personal customer has no other members than its owner' using errcode = 'check_violation';
    end if;
    if exists (
      select 1 from members m join customers c on c.id = m.customer_id
      where c.type = 'personal'
        and (m.customer_id = new.customer_id or m.user_id = new.user_id)
        and (m.customer_id, m.user_id) <> (new.customer_id, new.user_id)
    ) then
      raise exception 'a user has one personal customer, and that has one user' using errcode = 'unique_violation';
    end if;
  end if;
  return new;
end $$;
create trigger members_personal before insert or update on members
  for each row execute function personal_customer_has_one_member();

-- Catalogue -------------------------------------------------------------------------------------

alter table plan_versions add constraint plan_versions_version_positive check (version > 0);
alter table plan_versions add constraint plan_versions_trial_positive check (trial_days > 0);
alter table prices add constraint prices_amount_not_negative check (amount_minor >= 0);
alter table prices add constraint prices_interval_count_positive check (interval_count between 1 and 12);
alter table prices add constraint prices_currency_is_iso check (currency ~ '^[a-z]{3}$');
alter table allowances add constraint allowances_amount_not_negative check (amount >= 0);
alter table credit_packs add constraint credit_packs_amount_positive check (amount_minor > 0 and credits > 0);

-- A published promise is never changed: a customer keeps the amounts, allowances and features bought.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op);
end $$;

create trigger plan_versions_immutable before update or delete on plan_versions
  for each row execute function refuse_change();
create trigger allowances_immutable before update or delete on allowances
  for each row execute function refuse_change();
create trigger plan_features_immutable before update or delete on plan_features
  for each row execute function refuse_change();

-- Of a price only the id that Stripe gave it may still be filled in.
create function refuse_price_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
    or old.stripe_price_id is not null and new.stripe_price_id is distinct from old.stripe_price_id
    or (to_jsonb(old) - 'stripe_price_id') <> (to_jsonb(new) - 'stripe_price_id') then
    raise exception 'prices are immutable: publish a new plan version';
  end if;
  return new;
end $$;
create trigger prices_immutable before update or delete on prices
  for each row execute function refuse_price_change();

-- Billing ---------------------------------------------------------------------------------------

-- One open checkout per customer, or two tabs could pay for two subscriptions.
create unique index checkouts_one_open_per_customer on checkouts (customer_id) where state = 'open';

alter table plan_grants add constraint plan_grants_end_after_start check (ends_at >= starts_at);
alter table plan_grants add constraint plan_grants_subscription_named
  check ((source = 'subscription') = (subscription_id is not null));

alter table invoices add constraint invoices_amounts_not_negative
  check (amount_paid_minor >= 0 and amount_remaining_minor >= 0 and attempt_count >= 0);

create trigger subscription_history_append_only before update or delete on subscription_history
  for each row execute function refuse_change();

-- A Stripe customer, once attached, stays: usage, invoices and credits hang on it.
create function refuse_stripe_customer_change() returns trigger language plpgsql as $$
begin
  if old.stripe_customer_id is not null and new.stripe_customer_id is distinct from old.stripe_customer_id then
    raise exception 'customer % already has a Stripe customer', old.id;
  end if;
  return new;
end $$;
create trigger customers_one_stripe_customer before update on customers
  for each row execute function refuse_stripe_customer_change();

-- Metering --------------------------------------------------------------------------------------

alter table usage_counters add constraint usage_counters_not_negative check (used >= 0 and held >= 0);
alter table usage_counters add constraint usage_counters_window_not_empty check (window_end > window_start);
alter table reservations add constraint reservations_quantity_positive check (quantity > 0);
alter table reservations add constraint reservations_settled
  check ((state = 'held') = (settled_at is null));
alter table usage_events add constraint usage_events_quantity_not_negative check (quantity >= 0);

create trigger usage_events_append_only before update or delete on usage_events
  for each row execute function refuse_change();
