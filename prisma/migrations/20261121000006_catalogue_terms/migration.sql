-- What catalogues promise beyond plans, prices and allowances: who buys, seats, overage, and what credits buy.

create type measured_by as enum ('call', 'llm_tokens', 'voice');
create type billing_model as enum ('fixed_fee', 'credit_burndown');

alter table catalogue
  add column customer_type customer_type not null default 'personal',
  add column playground jsonb,
  add column preset_hash text;

alter table meters
  add column measured_by measured_by not null default 'call',
  add column credits_per_unit integer;
alter table meters add constraint meters_credits_positive check (credits_per_unit > 0);

alter table plan_versions
  add column is_popular boolean not null default false,
  add column billing_models billing_model[] default array['fixed_fee']::billing_model[],
  add column seats integer default 1;
alter table plan_versions add constraint plan_versions_seats_positive check (seats > 0);

create table overage_tiers (
  plan_version_id uuid not null references plan_versions (id) on delete restrict on update cascade,
  meter_key text not null references meters (key) on delete restrict on update cascade,
  from_unit bigint not null check (from_unit > 0),
  unit_amount_minor integer not null check (unit_amount_minor >= 0),
  primary key (plan_version_id, meter_key, from_unit)
);
create trigger overage_tiers_immutable before update or delete on overage_tiers
  for each row execute function refuse_change();

create table price_books (
  catalogue_key text not null references catalogue (key) on delete restrict on update cascade,
  version integer not null check (version > 0),
  content jsonb not null,
  published_at timestamptz(3) not null,
  primary key (catalogue_key, version)
);
create trigger price_books_immutable before update or delete on price_books
  for each row execute function refuse_change();
