-- One row per comparison of what is derived with what it is derived from. Instants are of the wall clock.
create table reconciliation_runs (
  id uuid primary key,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  -- Who works on it does so until then; after it the work lies open to anybody.
  claimed_until timestamptz(3),
  repairs boolean not null,
  -- The last customer that was compared: where the next step goes on.
  cursor uuid,
  checked integer not null default 0,
  -- Customers with at least one drift, and the drifts.
  drifted integer not null default 0,
  drifts integer not null default 0,
  repaired integer not null default 0,
  -- How far off they were in all, whichever way: units of meters, credits, minor units of overage.
  units bigint not null default 0,
  credits bigint not null default 0,
  money_minor bigint not null default 0,
  -- The first of them, whole.
  details jsonb not null default '[]',
  constraint reconciliation_runs_counts check (
    checked >= 0 and drifted >= 0 and drifts >= 0 and repaired between 0 and drifts and units >= 0 and credits >= 0 and money_minor >= 0)
);
create index reconciliation_runs_started_at_idx on reconciliation_runs (started_at);
