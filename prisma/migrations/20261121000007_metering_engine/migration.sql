-- The tables of the metering engine: one balance row per customer that every decision locks, an append-only credit
-- ledger with its lots, counters that know what paid, and usage events by month. Its functions are in the next migration.

create type credit_source as enum ('promo', 'gift', 'referral', 'plan', 'purchased');
create type credit_entry_kind as enum ('grant', 'spend', 'refund', 'clawback', 'expiry', 'adjustment', 'debt');
create type usage_source as enum ('provider', 'counted', 'estimated');

-- One row per customer: what is locked while a decision about this customer is made.
create table customer_balances (
  customer_id uuid primary key references customers (id) on delete cascade on update cascade,
  facts_version bigint not null default 1,
  credits bigint not null default 0,
  credits_held bigint not null default 0,
  debt bigint not null default 0,
  entry_sequence bigint not null default 0,
  next_expiry_at timestamptz(3),
  constraint customer_balances_held_not_negative check (credits_held >= 0),
  constraint customer_balances_debt_not_negative check (debt >= 0)
) with (fillfactor = 50);
insert into customer_balances (customer_id) select id from customers;

create function open_customer_balance() returns trigger language plpgsql as $$
begin
  insert into customer_balances (customer_id) values (new.id);
  return new;
end $$;
create trigger customers_have_a_balance after insert on customers
  for each row execute function open_customer_balance();

-- Whoever decides from facts read earlier names the version it read; it grows with whatever the facts are derived from.
create function touch_customer_facts() returns trigger language plpgsql as $$
declare
  v_customer_id uuid;
begin
  if tg_table_name = 'customers' then
    v_customer_id := new.id;
  elsif tg_op = 'DELETE' then
    v_customer_id := old.customer_id;
  else
    v_customer_id := new.customer_id;
  end if;
  update customer_balances b set facts_version = b.facts_version + 1 where b.customer_id = v_customer_id;
  return null;
end $$;

alter table customers add column spend_cap_minor integer;
alter table customers add constraint customers_spend_cap_not_negative check (spend_cap_minor >= 0);
alter table members add column usage_cap bigint;
alter table members add constraint members_usage_cap_not_negative check (usage_cap >= 0);

create trigger customers_touch_facts after update on customers for each row
  when (old.current_subscription_id is distinct from new.current_subscription_id
     or old.currency is distinct from new.currency
     or old.time_zone is distinct from new.time_zone
     or old.created_at is distinct from new.created_at
     or old.spend_cap_minor is distinct from new.spend_cap_minor)
  execute function touch_customer_facts();
create trigger members_touch_facts after insert or delete or update of usage_cap on members
  for each row execute function touch_customer_facts();
create trigger plan_grants_touch_facts after insert or update or delete on plan_grants
  for each row execute function touch_customer_facts();
create trigger subscriptions_touch_facts_insert after insert or delete on subscriptions
  for each row execute function touch_customer_facts();
create trigger subscriptions_touch_facts_update after update on subscriptions for each row
  when (old.status is distinct from new.status
     or old.price_id is distinct from new.price_id
     or old.quantity is distinct from new.quantity
     or old.current_period_start is distinct from new.current_period_start
     or old.current_period_end is distinct from new.current_period_end
     or old.billing_cycle_anchor is distinct from new.billing_cycle_anchor)
  execute function touch_customer_facts();
create trigger invoices_touch_facts_insert after insert on invoices for each row
  when (new.first_failed_at is not null)
  execute function touch_customer_facts();
create trigger invoices_touch_facts_update after update on invoices for each row
  when (old.first_failed_at is distinct from new.first_failed_at or old.status is distinct from new.status)
  execute function touch_customer_facts();

-- Credits ---------------------------------------------------------------------------------------

create table credit_entries (
  customer_id uuid not null references customers (id) on delete restrict on update cascade,
  sequence bigint not null,
  kind credit_entry_kind not null,
  -- Signed: a grant is positive, a spend negative.
  amount bigint not null,
  balance_after bigint not null,
  key text not null,
  -- Which lots it filled or drew, and by how much; the rest of `amount` made or paid a debt.
  lot_ids uuid[],
  lot_amounts bigint[],
  reservation_id uuid,
  reason text,
  occurred_at timestamptz(3) not null,
  primary key (customer_id, sequence),
  constraint credit_entries_amount_by_kind check (
    case kind
      when 'grant' then amount > 0
      when 'refund' then amount > 0
      when 'adjustment' then true
      when 'clawback' then amount <= 0
      else amount < 0
    end),
  constraint credit_entries_lots_match check (cardinality(lot_ids) = cardinality(lot_amounts))
);
create unique index credit_entries_customer_id_key_key on credit_entries (customer_id, key);
create index credit_entries_customer_id_occurred_at_idx on credit_entries (customer_id, occurred_at);
create trigger credit_entries_append_only before update or delete on credit_entries
  for each row execute function refuse_change();

create table credit_lots (
  customer_id uuid not null references customers (id) on delete restrict on update cascade,
  id uuid not null,
  source credit_source not null,
  granted bigint not null,
  remaining bigint not null,
  expires_at timestamptz(3),
  granted_at timestamptz(3) not null,
  -- What it was granted for: a payment, an invoice, an admin's action.
  reference text,
  primary key (customer_id, id),
  constraint credit_lots_remaining_within check (remaining between 0 and granted)
) with (fillfactor = 70);
create index credit_lots_remaining_idx on credit_lots (customer_id, expires_at) where remaining > 0;

-- Of a lot only what remains of it changes.
create function refuse_lot_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (to_jsonb(old) - 'remaining') <> (to_jsonb(new) - 'remaining') then
    raise exception 'credit_lots: only what remains may change';
  end if;
  return new;
end $$;
create trigger credit_lots_guarded before update of customer_id, id, source, granted, expires_at, granted_at, reference
  or delete on credit_lots
  for each row execute function refuse_lot_change();

-- Counters --------------------------------------------------------------------------------------

alter table usage_counters
  -- Nil = everybody of the customer; a member's own counter carries the member's id.
  add column user_id uuid not null default '00000000-0000-0000-0000-000000000000',
  add column credit_units bigint not null default 0,
  add column overage_units bigint not null default 0,
  add column uncovered_units bigint not null default 0,
  add column credits bigint not null default 0,
  add column warned_percent integer not null default 0,
  add column warned_limit bigint,
  add column version bigint not null default 0;
alter table usage_counters drop constraint usage_counters_pkey;
alter table usage_counters add primary key (customer_id, meter_key, "window", user_id, window_start);
alter table usage_counters set (fillfactor = 50);
alter table usage_counters add constraint usage_counters_beyond_not_negative
  check (credit_units >= 0 and overage_units >= 0 and uncovered_units >= 0 and credits >= 0);

create table usage_thresholds (
  customer_id uuid not null,
  meter_key text not null,
  "window" allowance_window not null,
  window_start timestamptz(3) not null,
  percent integer not null,
  -- The limit it is a share of: another limit arms it anew.
  "limit" bigint not null,
  used bigint not null,
  crossed_at timestamptz(3) not null,
  primary key (customer_id, meter_key, "window", window_start, percent, "limit")
);

-- What overage comes to: units beyond the allowance of one meter in one billing period, under one plan version's tiers.
create table overage_lines (
  customer_id uuid not null references customers (id) on delete restrict on update cascade,
  meter_key text not null references meters (key) on delete restrict on update cascade,
  period_start timestamptz(3) not null,
  plan_version_id uuid not null references plan_versions (id) on delete restrict on update cascade,
  subscription_id text not null,
  period_end timestamptz(3) not null,
  currency text not null,
  tier_starts bigint[],
  tier_amounts_minor integer[],
  used bigint not null default 0,
  held bigint not null default 0,
  amount_minor bigint not null default 0,
  primary key (customer_id, meter_key, period_start, plan_version_id),
  constraint overage_lines_not_negative check (used >= 0 and held >= 0 and amount_minor >= 0)
);
create index overage_lines_customer_id_subscription_id_period_start_idx
  on overage_lines (customer_id, subscription_id, period_start);

-- Reservations ----------------------------------------------------------------------------------

alter table reservations
  -- Where it counts: one position per counter, in step with `windows` and `window_starts`.
  add column window_users uuid[],
  -- -1 = unlimited.
  add column window_limits bigint[],
  -- What may pay beyond that window: 1 = credits, 2 = overage, 3 = both.
  add column window_routes integer[],
  add column overage_first boolean not null default false,
  -- Null = credits do not pay for this meter.
  add column credits_per_unit bigint,
  -- The line its overage is counted on, and the most that a period's overage may come to.
  add column overage_period_start timestamptz(3),
  add column overage_plan_version_id uuid,
  add column overage_cap_minor bigint,
  -- Who pays for what was held, and once settled for what was used.
  add column allowance_units bigint not null default 0,
  add column credit_units bigint not null default 0,
  add column credits bigint not null default 0,
  add column overage_units bigint not null default 0,
  add column uncovered_units bigint not null default 0,
  -- What was really used; null until settled.
  add column used_quantity bigint;
-- Whatever was reserved before this counted on the allowance alone.
update reservations set
  window_users = array_fill('00000000-0000-0000-0000-000000000000'::uuid, array[cardinality(windows)]),
  window_limits = array_fill(-1::bigint, array[cardinality(windows)]),
  window_routes = array_fill(0, array[cardinality(windows)]),
  allowance_units = quantity;
drop index reservations_state_expires_at_idx;
create index reservations_open_idx on reservations (expires_at) where state = 'held';
create index reservations_settled_at_idx on reservations (settled_at);

-- Usage events, by month ------------------------------------------------------------------------

alter table usage_events rename to usage_events_before;
alter table usage_events_before rename constraint usage_events_pkey to usage_events_before_pkey;
drop index usage_events_customer_id_occurred_at_idx;
create table usage_events (
  customer_id uuid not null,
  occurred_at timestamptz(3) not null,
  id uuid not null,
  reservation_id uuid not null,
  user_id uuid,
  meter_key text not null,
  -- Units really used, and who paid for them.
  quantity bigint not null,
  allowance_units bigint not null default 0,
  credit_units bigint not null default 0,
  overage_units bigint not null default 0,
  uncovered_units bigint not null default 0,
  credits bigint not null default 0,
  -- The ledger's entry that paid `credits`; its lots stand there.
  credit_sequence bigint,
  -- Units that were held for it before.
  held bigint not null default 0,
  -- The counters it is in.
  windows allowance_window[],
  window_starts timestamptz(3)[],
  source usage_source not null default 'counted',
  model text,
  request_id text,
  price_version integer,
  -- What the provider charged us, in millionths of the catalogue's currency.
  provider_cost_micros bigint,
  details jsonb not null,
  primary key (customer_id, occurred_at, id),
  constraint usage_events_quantity_not_negative check (quantity >= 0),
  constraint usage_events_units_add_up
    check (quantity = allowance_units + credit_units + overage_units + uncovered_units)
) partition by range (occurred_at);
create trigger usage_events_append_only before update or delete on usage_events
  for each row execute function refuse_change();

-- Makes the partition that holds an instant, once. Business time may leap, so events ask for theirs as they come.
create function ensure_usage_partition(p_at timestamptz) returns void language plpgsql as $$
declare
  v_start timestamptz := date_trunc('month', p_at at time zone 'UTC') at time zone 'UTC';
  v_end timestamptz := (date_trunc('month', p_at at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  v_name text := 'usage_events_' || to_char(p_at at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('public.' || v_name) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtext(v_name));
  if to_regclass('public.' || v_name) is not null then return; end if;
  -- Attached rather than made in place, so that writers to other months go on meanwhile.
  execute format('create table %I (like usage_events including defaults including constraints)', v_name);
  execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', v_name, v_start, v_end);
end $$;

select ensure_usage_partition(month) from (select distinct date_trunc('month', occurred_at) as month from usage_events_before) m;
insert into usage_events (customer_id, occurred_at, id, reservation_id, user_id, meter_key, quantity, allowance_units,
                          source, details)
select customer_id, occurred_at, id, reservation_id, user_id, meter_key, quantity, quantity,
       case details ->> 'source' when 'provider' then 'provider' else 'counted' end::usage_source, details
from usage_events_before;
drop table usage_events_before;

drop function reserve_usage(uuid, uuid, text, uuid, text, bigint, allowance_window[], timestamptz[], timestamptz[], bigint[], timestamptz, timestamptz);
drop function commit_reservation(uuid, uuid, uuid, bigint, jsonb, timestamptz);
drop function release_reservation(uuid, uuid, reservation_state, timestamptz);
drop function add_usage(uuid, text, allowance_window[], timestamptz[], bigint, bigint);
