-- Sessions that their owner can tell apart; codes beside links; a change of address that both addresses confirm.
alter table sessions
  add column created_at   timestamptz(3) not null default now(),
  add column last_seen_at timestamptz(3) not null default now(),
  add column user_agent   text;
alter table sessions alter column created_at drop default, alter column last_seen_at drop default;

alter table verification_tokens
  add column code_hash     text,
  add column code_attempts integer not null default 0;

create table email_changes (
  id               uuid not null,
  user_id          uuid not null,
  new_email        text not null,
  old_token_hash   text not null,
  new_token_hash   text not null,
  old_confirmed_at timestamptz(3),
  new_confirmed_at timestamptz(3),
  expires_at       timestamptz(3) not null,
  created_at       timestamptz(3) not null,
  constraint email_changes_pkey primary key (id),
  constraint email_changes_user_id_fkey foreign key (user_id) references users (id)
    on delete cascade on update cascade
);
create unique index email_changes_old_token_hash_key on email_changes (old_token_hash);
create unique index email_changes_new_token_hash_key on email_changes (new_token_hash);
create index email_changes_user_id_idx on email_changes (user_id);

-- Customers of an adopter's own back end.
alter table customers
  add column metadata jsonb not null default '{}',
  add constraint customers_metadata_is_object check (jsonb_typeof(metadata) = 'object');

-- Keys: what they may do, when they were last used, and what took their place. A key from before may do what it could.
-- A key without a customer is a platform key.
alter table api_keys
  alter column customer_id drop not null,
  add column prefix         text not null default 'tk_',
  add column scopes         text[] not null default '{billing:read,billing:write,usage:read,usage:write}',
  add column last_used_at   timestamptz(3),
  add column replaced_by_id uuid,
  add constraint api_keys_replaced_by_id_fkey foreign key (replaced_by_id) references api_keys (id)
    on delete set null on update cascade;
alter table api_keys alter column prefix drop default, alter column scopes drop default, alter column scopes drop not null;
alter table api_keys add constraint api_keys_have_scopes check (cardinality(scopes) > 0);
create unique index api_keys_replaced_by_id_key on api_keys (replaced_by_id);

create table audit_entries (
  id          uuid not null,
  occurred_at timestamptz(3) not null,
  actor       text not null,
  action      text not null,
  customer_id uuid,
  target_id   text not null,
  details     jsonb not null default '{}',
  constraint audit_entries_pkey primary key (id)
);
create index audit_entries_occurred_at_idx on audit_entries (occurred_at);
create index audit_entries_customer_id_occurred_at_idx on audit_entries (customer_id, occurred_at);
create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function refuse_change();

create table idempotency_keys (
  owner_id     uuid not null,
  key          text not null,
  request_hash text not null,
  locked_until timestamptz(3),
  status       integer,
  body         text,
  expires_at   timestamptz(3) not null,
  constraint idempotency_keys_pkey primary key (owner_id, key)
);
create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
