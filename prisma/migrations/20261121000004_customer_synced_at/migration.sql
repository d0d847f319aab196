-- When Stripe was last read for a customer, so that those whose period ended unheard of are found and read again.
alter table customers add column synced_at timestamptz(3);
