-- The decisions of the metering engine. Each is one call for many uses of one customer, made under the lock of that
-- customer's balance row: nothing else of a customer is ever locked first, so two calls wait for each other and never
-- deadlock, and customers do not wait for each other at all. Business time always comes in as p_now.
--
-- Why loops and not sets: every use depends on what the one before it left over. Why generic plans: every statement
-- finds its rows by key, and making a plan anew for each call takes four times as long as carrying it out.

-- Overage ---------------------------------------------------------------------------------------

-- What `p_units` beyond an allowance cost: the tier that holds the last of them prices all of them. (S2-10, S2-106)
create function overage_cost(p_starts bigint[], p_amounts integer[], p_units bigint) returns bigint
language plpgsql immutable as $$
begin
  for i in reverse coalesce(array_length(p_starts, 1), 0)..1 loop
    if p_units >= p_starts[i] then return p_units * p_amounts[i]; end if;
  end loop;
  return 0;
end $$;

-- The most that any number of units up to `p_units` cost. A cheaper tier may make more units cost less, so a cap is
-- held against this: whatever is used in the end stays within it.
create function overage_most(p_starts bigint[], p_amounts integer[], p_units bigint) returns bigint
language plpgsql immutable as $$
declare
  v_most bigint := 0;
  v_tiers integer := coalesce(array_length(p_starts, 1), 0);
  v_last bigint;
begin
  for i in 1..v_tiers loop
    exit when p_units < p_starts[i];
    v_last := case when i < v_tiers then least(p_units, p_starts[i + 1] - 1) else p_units end;
    v_most := greatest(v_most, v_last * p_amounts[i]);
  end loop;
  return v_most;
end $$;

-- How many units in all may be used before `overage_most` exceeds a cap.
create function overage_units_within(p_starts bigint[], p_amounts integer[], p_cap_minor bigint) returns bigint
language plpgsql immutable as $$
declare
  v_tiers integer := coalesce(array_length(p_starts, 1), 0);
  v_last bigint;
begin
  for i in 1..v_tiers loop
    v_last := case when i < v_tiers then p_starts[i + 1] - 1 else 9007199254740991 end;
    if p_amounts[i] > 0 and v_last > p_cap_minor / p_amounts[i] then
      return greatest(least(v_last, p_cap_minor / p_amounts[i]), p_starts[i] - 1);
    end if;
  end loop;
  return case when v_tiers = 0 then 0 else 9007199254740991 end;
end $$;

-- One use ---------------------------------------------------------------------------------------

create type use_split as (
  allowance bigint, credit_units bigint, credits bigint, overage bigint, uncovered bigint,
  -- Credits that the last unit paid by credits costs but the balance did not have.
  uncovered_credits bigint
);

-- Who pays for a use: the allowance first, what is left by credits and overage in the meter's order, as far as every
-- window that is too full for the use lets them. `p_room` null = unlimited; `p_price` null = no credits.
-- A unit whose price may vary (`p_least_price` below `p_price`) may be bought for what is left of the credits.
create function split_use(
  p_quantity bigint, p_room bigint,
  p_by_credits boolean, p_available bigint, p_price bigint, p_least_price bigint,
  p_by_overage boolean, p_overage_room bigint, p_overage_first boolean
) returns use_split language plpgsql immutable as $$
declare
  s use_split;
  v_rest bigint;
  v_left bigint;
begin
  s.allowance := case when p_room is null then p_quantity else least(p_quantity, greatest(p_room, 0)) end;
  s.credit_units := 0; s.credits := 0; s.overage := 0; s.uncovered_credits := 0;
  v_rest := p_quantity - s.allowance;

  if v_rest > 0 and p_by_overage and p_overage_first then
    s.overage := least(v_rest, greatest(p_overage_room, 0));
    v_rest := v_rest - s.overage;
  end if;
  if v_rest > 0 and p_by_credits and p_price is not null then
    v_left := greatest(p_available, 0);
    s.credit_units := case when p_price = 0 then v_rest else least(v_rest, v_left / p_price) end;
    s.credits := s.credit_units * p_price;
    v_left := v_left - s.credits;
    if s.credit_units < v_rest and p_least_price < p_price and v_left >= greatest(p_least_price, 1) then
      s.credit_units := s.credit_units + 1;
      s.credits := s.credits + v_left;
      s.uncovered_credits := p_price - v_left;
    end if;
    v_rest := v_rest - s.credit_units;
  end if;
  if v_rest > 0 and p_by_overage and not p_overage_first then
    s.overage := least(v_rest, greatest(p_overage_room, 0));
    v_rest := v_rest - s.overage;
  end if;
  s.uncovered := v_rest;
  return s;
end $$;

-- Credits ---------------------------------------------------------------------------------------

-- What of a balance has expired by now and is not kept alive by an open hold. Decided at read time, posted by
-- whoever writes next.
create function expired_credits(p_customer_id uuid, p_credits bigint, p_held bigint, p_now timestamptz) returns bigint
language sql stable as $$
  select greatest(0, least(coalesce(sum(l.remaining), 0)::bigint, p_credits - p_held))
  from credit_lots l
  where l.customer_id = p_customer_id and l.remaining > 0 and l.expires_at <= p_now
$$;

-- Takes `p_amount` out of lots, those that have expired first when `p_expired_only`, else in the order of their
-- sources in `p_draw_down`, of one source the one that expires first. Returns what each gave.
create function draw_lots(
  p_customer_id uuid, p_amount bigint, p_draw_down credit_source[], p_now timestamptz, p_expired_only boolean
) returns table (lot_ids uuid[], lot_amounts bigint[]) language plpgsql as $$
declare
  v_left bigint := p_amount;
  v_lot record;
  v_take bigint;
begin
  lot_ids := '{}'; lot_amounts := '{}';
  for v_lot in
    select l.id, l.remaining from credit_lots l
    where l.customer_id = p_customer_id and l.remaining > 0 and (not p_expired_only or l.expires_at <= p_now)
    order by coalesce(array_position(p_draw_down, l.source), 99), l.expires_at nulls last, l.granted_at, l.id
  loop
    exit when v_left = 0;
    v_take := least(v_left, v_lot.remaining);
    update credit_lots l set remaining = l.remaining - v_take where l.customer_id = p_customer_id and l.id = v_lot.id;
    lot_ids := lot_ids || v_lot.id;
    lot_amounts := lot_amounts || -v_take;
    v_left := v_left - v_take;
  end loop;
  return next;
end $$;

-- Posts what has expired, one entry for all of it. The caller holds the balance row's lock and reads it again after.
create function post_expired_credits(p_customer_id uuid, p_now timestamptz) returns void language plpgsql as $$
declare
  b customer_balances%rowtype;
  v_amount bigint;
  v_drawn record;
begin
  select * into b from customer_balances where customer_id = p_customer_id for no key update;
  v_amount := expired_credits(p_customer_id, b.credits, b.credits_held, p_now);
  if v_amount > 0 then
    select * into v_drawn from draw_lots(p_customer_id, v_amount, '{}', p_now, true);
    insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts, occurred_at)
    values (p_customer_id, b.entry_sequence + 1, 'expiry', -v_amount, b.credits - v_amount,
            'expiry:' || (b.entry_sequence + 1), v_drawn.lot_ids, v_drawn.lot_amounts, p_now);
  end if;
  update customer_balances c set
    credits = c.credits - v_amount,
    entry_sequence = c.entry_sequence + case when v_amount > 0 then 1 else 0 end,
    -- What a hold keeps alive is looked at again with every write until it is settled.
    next_expiry_at = (select min(l.expires_at) from credit_lots l where l.customer_id = p_customer_id and l.remaining > 0)
  where c.customer_id = p_customer_id;
end $$;

-- Adds a lot of credits, or with a negative amount takes credits away. Each business key is posted once.
--   posted     now
--   replayed   before, by the same key and amount; nothing was changed
--   mismatch   the key was used for another amount or kind
-- A grant first pays what is owed. A clawback takes from the lot of `p_reference` and then from others; what is not
-- there any more becomes a debt when `p_as_debt`, else it is let go. `posted` says how much really moved.
create function post_credits(
  p_customer_id uuid, p_kind credit_entry_kind, p_amount bigint, p_key text, p_lot_id uuid, p_source credit_source,
  p_expires_at timestamptz, p_reference text, p_reason text, p_draw_down credit_source[], p_as_debt boolean,
  p_now timestamptz
) returns table (outcome text, posted bigint, sequence bigint, balance bigint) language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  b customer_balances%rowtype;
  v_entry credit_entries%rowtype;
  v_paid bigint := 0;
  v_take bigint := 0;
  v_own bigint := 0;
  v_drawn record;
  v_lots uuid[] := '{}';
  v_amounts bigint[] := '{}';
  v_moved bigint;
begin
  select * into b from customer_balances c where c.customer_id = p_customer_id for no key update;
  if not found then outcome := 'unknown_customer'; return next; return; end if;
  select * into v_entry from credit_entries e where e.customer_id = p_customer_id and e.key = p_key;
  if found then
    -- Less than was asked for may have been there to take.
    outcome := case when v_entry.kind = p_kind and (p_amount > 0) = (v_entry.amount > 0)
                     and (v_entry.amount = p_amount or p_amount < 0 and v_entry.amount > p_amount)
                    then 'replayed' else 'mismatch' end;
    posted := v_entry.amount; sequence := v_entry.sequence; balance := b.credits;
    return next; return;
  end if;
  if b.next_expiry_at <= p_now then
    perform post_expired_credits(p_customer_id, p_now);
    select * into b from customer_balances c where c.customer_id = p_customer_id;
  end if;

  if p_amount > 0 then
    v_paid := least(b.debt, p_amount);
    insert into credit_lots (customer_id, id, source, granted, remaining, expires_at, granted_at, reference)
    values (p_customer_id, p_lot_id, p_source, p_amount, p_amount - v_paid, p_expires_at, p_now, p_reference);
    if p_amount > v_paid then
      v_lots := array[p_lot_id]; v_amounts := array[p_amount - v_paid];
    end if;
    v_moved := p_amount;
  else
    -- The lot it was granted by first: whoever gives a payment back gives back what that payment bought.
    select l.id, least(l.remaining, -p_amount) into v_drawn from credit_lots l
     where l.customer_id = p_customer_id and l.reference = p_reference and l.remaining > 0
     order by l.granted_at limit 1;
    if found then
      v_own := v_drawn.least;
      update credit_lots l set remaining = l.remaining - v_own where l.customer_id = p_customer_id and l.id = v_drawn.id;
      v_lots := array[v_drawn.id]; v_amounts := array[-v_own];
    end if;
    v_take := least(-p_amount - v_own, greatest(0, b.credits + b.debt - v_own));
    if v_take > 0 then
      select * into v_drawn from draw_lots(p_customer_id, v_take, p_draw_down, p_now, false);
      v_lots := v_lots || v_drawn.lot_ids; v_amounts := v_amounts || v_drawn.lot_amounts;
    end if;
    v_moved := -(v_own + v_take);
    if p_as_debt then
      v_paid := p_amount - v_moved;
      v_moved := p_amount;
    end if;
  end if;

  -- An entry of nothing is written too: the same key must not find something to take later.
  insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts, reason, occurred_at)
  values (p_customer_id, b.entry_sequence + 1, p_kind, v_moved, b.credits + v_moved, p_key, v_lots, v_amounts, p_reason, p_now);
  update customer_balances c set
    credits = c.credits + v_moved,
    debt = c.debt - v_paid,
    entry_sequence = c.entry_sequence + 1,
    next_expiry_at = least(c.next_expiry_at, case when p_amount > v_paid then p_expires_at end)
  where c.customer_id = p_customer_id;
  outcome := 'posted'; posted := v_moved; sequence := b.entry_sequence + 1; balance := b.credits + v_moved;
  return next;
end $$;

-- Counters --------------------------------------------------------------------------------------

-- Records each share of a limit that has been used up, once per window and limit: a new window or another limit arms
-- it anew. (D-08)
create function record_thresholds(
  p_customer_id uuid, p_percents integer[], p_now timestamptz,
  p_meters text[], p_windows allowance_window[], p_starts timestamptz[], p_limits bigint[]
) returns void language plpgsql as $$
begin
  if cardinality(p_percents) = 0 then return; end if;
  with reached as (
    select c.meter_key, c."window", c.window_start, w.max, c.used,
           (select max(p) from unnest(p_percents) p where c.used * 100 >= w.max * p) as percent,
           case when c.warned_limit = w.max then c.warned_percent else 0 end as warned
    from unnest(p_meters, p_windows, p_starts, p_limits) as w (meter, "window", window_start, max)
    join usage_counters c on c.customer_id = p_customer_id and c.meter_key = w.meter and c."window" = w."window"
     and c.user_id = '00000000-0000-0000-0000-000000000000' and c.window_start = w.window_start
    where w.max > 0
  ), armed as (
    select * from reached where percent > warned
  ), marked as (
    update usage_counters c set warned_percent = a.percent, warned_limit = a.max
    from armed a
    where c.customer_id = p_customer_id and c.meter_key = a.meter_key and c."window" = a."window"
      and c.user_id = '00000000-0000-0000-0000-000000000000' and c.window_start = a.window_start
  )
  insert into usage_thresholds (customer_id, meter_key, "window", window_start, percent, "limit", used, crossed_at)
  select p_customer_id, a.meter_key, a."window", a.window_start, p, a.max, a.used, p_now
  from armed a cross join unnest(p_percents) p
  where p > a.warned and p <= a.percent
  on conflict do nothing;
end $$;

-- Uses ------------------------------------------------------------------------------------------

create function nobody() returns uuid language sql immutable parallel safe as
$$ select '00000000-0000-0000-0000-000000000000'::uuid $$;

-- Posts uses whose counters were already decided: debits the credits, writes the events and records what was crossed.
-- Arrays are in step. Returns nothing; the caller holds the balance row's lock.
create function post_uses(
  p_customer_id uuid, p_now timestamptz, p_draw_down credit_source[], p_as_debt boolean,
  u_reservation_ids uuid[], u_event_ids uuid[], u_users uuid[], u_meters text[], u_quantities bigint[], u_held bigint[],
  u_allowance bigint[], u_credit_units bigint[], u_credits bigint[], u_overage bigint[], u_uncovered bigint[],
  u_debts bigint[], u_windows text[], u_starts text[], u_details jsonb[]
) returns void language plpgsql as $$
declare
  b customer_balances%rowtype;
  v_drawn record;
  v_sequences bigint[] := array_fill(null::bigint, array[cardinality(u_event_ids)]);
begin
  for i in 1..cardinality(u_event_ids) loop
    continue when u_credits[i] = 0 and u_debts[i] = 0;
    select * into b from customer_balances where customer_id = p_customer_id;
    if u_credits[i] > 0 then
      select * into v_drawn from draw_lots(p_customer_id, u_credits[i], p_draw_down, p_now, false);
      insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts,
                                  reservation_id, occurred_at)
      values (p_customer_id, b.entry_sequence + 1, 'spend', -u_credits[i], b.credits - u_credits[i],
              'reservation:' || u_reservation_ids[i], v_drawn.lot_ids, v_drawn.lot_amounts, u_reservation_ids[i], p_now);
      v_sequences[i] := b.entry_sequence + 1;
    end if;
    if u_debts[i] > 0 then
      insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts,
                                  reservation_id, occurred_at)
      values (p_customer_id, b.entry_sequence + 1 + (u_credits[i] > 0)::integer, 'debt', -u_debts[i],
              b.credits - u_credits[i] - u_debts[i], 'debt:' || u_reservation_ids[i], '{}', '{}',
              u_reservation_ids[i], p_now);
    end if;
    update customer_balances c set
      credits = c.credits - u_credits[i] - u_debts[i],
      debt = c.debt + u_debts[i],
      entry_sequence = c.entry_sequence + (u_credits[i] > 0)::integer + (u_debts[i] > 0)::integer
    where c.customer_id = p_customer_id;
  end loop;

  perform ensure_usage_partition(p_now);
  insert into usage_events (customer_id, occurred_at, id, reservation_id, user_id, meter_key, quantity, allowance_units,
                            credit_units, overage_units, uncovered_units, credits, credit_sequence, held, windows,
                            window_starts, source, model, request_id, price_version, provider_cost_micros, details)
  select p_customer_id, p_now, u.event_id, u.reservation_id, u.user_id, u.meter, u.quantity, u.allowance,
         u.credit_units, u.overage, u.uncovered, u.credits, u.sequence, u.held, u.windows::allowance_window[],
         u.starts::timestamptz[], coalesce(u.details ->> 'source', 'counted')::usage_source, u.details ->> 'model',
         u.details ->> 'request_id', (u.details ->> 'price_version')::integer,
         (u.details ->> 'provider_cost_micros')::bigint,
         u.details - array['source', 'model', 'request_id', 'price_version', 'provider_cost_micros']
  from unnest(u_event_ids, u_reservation_ids, u_users, u_meters, u_quantities, u_allowance, u_credit_units, u_overage,
              u_uncovered, u_credits, v_sequences, u_held, u_windows, u_starts, u_details)
    as u (event_id, reservation_id, user_id, meter, quantity, allowance, credit_units, overage, uncovered, credits,
          sequence, held, windows, starts, details);
end $$;

-- Decides about uses of one customer, in the order given, and writes what was decided in the same statement.
-- Distinct counters come as w_*, overage terms as o_* (one per meter that sells it), uses as c_*.
--   p_mode  'hold'   makes reservations to be settled later
--           'post'   posts the uses at once
--           'check'  decides and writes nothing
--   p_all_or_none    one refused use refuses all that are not replays
-- A window in progress goes on until it ends, whatever became of the anchor or the time zone it came from; only the
-- billing period is Stripe's own. (K-12)
--
-- Answers {outcome, credits, windows, lines, calls}:
--   outcome `decided`, `stale` (the facts changed since p_facts_version was read: ask again), `unknown_customer`
--   calls   [outcome, reservation id, state, quantity, allowance, credit units, credits, overage, uncovered, held until]
--           held, posted, replayed, mismatch (its key was used for something else), denied, not_all
create function decide_uses(
  p_mode text, p_all_or_none boolean,
  p_customer_id uuid, p_facts_version bigint, p_now timestamptz, p_expires_at timestamptz,
  p_draw_down credit_source[], p_percents integer[],
  w_meters text[], w_windows allowance_window[], w_users uuid[], w_starts timestamptz[], w_ends timestamptz[],
  w_limits bigint[], w_routes integer[],
  o_meters text[], o_period_starts timestamptz[], o_period_ends timestamptz[], o_plan_versions uuid[],
  o_subscriptions text[], o_currencies text[], o_tier_starts text[], o_tier_amounts text[], o_cap_minor bigint,
  c_ids uuid[], c_event_ids uuid[], c_keys text[], c_users uuid[], c_meters text[], c_quantities bigint[],
  c_least bigint[], c_prices bigint[], c_least_prices bigint[], c_overage_first boolean[], c_details jsonb[]
) returns jsonb language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  b customer_balances%rowtype;
  v_calls integer := cardinality(c_ids);
  v_windows integer := cardinality(w_meters);
  v_lines integer := cardinality(o_meters);
  -- Counters as they are and as they become.
  k_starts timestamptz[]; k_ends timestamptz[]; k_used bigint[]; k_held bigint[]; k_beyond bigint[];
  k_known boolean[];
  d_used bigint[]; d_held bigint[]; d_credit_units bigint[]; d_overage bigint[]; d_credits bigint[];
  -- Overage lines as they are and as they become.
  l_used bigint[]; l_held bigint[]; l_added bigint[]; l_room bigint; l_others bigint; l_position integer;
  v_starts bigint[]; v_amounts integer[];
  -- Keys used before.
  r_ids uuid[]; r_states text[]; r_meters text[]; r_quantities bigint[]; r_allowance bigint[]; r_credit_units bigint[];
  r_credits bigint[]; r_overage bigint[]; r_uncovered bigint[];
  v_expired bigint;
  v_available bigint;
  v_taken bigint := 0;
  v_room bigint; v_free bigint; v_routes integer; v_by_overage boolean;
  v_granted bigint;
  s use_split;
  v_outcomes text[] := array_fill(null::text, array[v_calls]);
  a_allowance bigint[] := array_fill(0::bigint, array[v_calls]);
  a_credit_units bigint[] := array_fill(0::bigint, array[v_calls]);
  a_credits bigint[] := array_fill(0::bigint, array[v_calls]);
  a_overage bigint[] := array_fill(0::bigint, array[v_calls]);
  a_quantities bigint[] := c_quantities;
  a_twins integer[] := array_fill(null::integer, array[v_calls]);
  v_refused boolean := false;
  v_keys jsonb := '{}';
  v_positions integer[];
  v_position integer;
  v_result jsonb;
begin
  if p_mode = 'check' then
    select * into b from customer_balances c where c.customer_id = p_customer_id;
  else
    select * into b from customer_balances c where c.customer_id = p_customer_id for no key update;
  end if;
  if not found then return '{"outcome": "unknown_customer"}'; end if;
  if b.facts_version <> p_facts_version then return '{"outcome": "stale"}'; end if;
  v_expired := 0;
  if b.next_expiry_at <= p_now then
    if p_mode = 'check' then
      v_expired := expired_credits(p_customer_id, b.credits, b.credits_held, p_now);
    else
      perform post_expired_credits(p_customer_id, p_now);
      select * into b from customer_balances c where c.customer_id = p_customer_id;
    end if;
  end if;
  v_available := b.credits - b.credits_held - v_expired;

  -- Each counter's latest window that has begun; it is the one if it has not ended.
  select array_agg(case when open then c.window_start when w."window" = 'period' then w.starts_at
                        else greatest(w.starts_at, coalesce(c.window_end, w.starts_at)) end order by w.position),
         array_agg(case when open then c.window_end else w.ends_at end order by w.position),
         array_agg(case when open then c.used else 0 end order by w.position),
         array_agg(case when open then c.held else 0 end order by w.position),
         array_agg(case when open then c.beyond else 0 end order by w.position),
         array_agg(coalesce(open, false) order by w.position)
    into k_starts, k_ends, k_used, k_held, k_beyond, k_known
  from unnest(w_meters, w_windows, w_users, w_starts, w_ends) with ordinality
    as w (meter, "window", user_id, starts_at, ends_at, position)
  left join lateral (
    select u.window_start, u.window_end, u.used, u.held,
           u.credit_units + u.overage_units + u.uncovered_units as beyond
    from usage_counters u
    where u.customer_id = p_customer_id and u.meter_key = w.meter and u."window" = w."window" and u.user_id = w.user_id
      and u.window_start <= case when w."window" = 'period' then w.starts_at else p_now end
    order by u.window_start desc limit 1
  ) c on true
  cross join lateral (
    select case when w."window" = 'period' then c.window_start = w.starts_at else c.window_end > p_now end as open
  ) o;
  d_used := array_fill(0::bigint, array[v_windows]); d_held := d_used; d_credit_units := d_used;
  d_overage := d_used; d_credits := d_used;

  if v_lines > 0 then
    select array_agg(coalesce(l.used, 0) order by o.position), array_agg(coalesce(l.held, 0) order by o.position)
      into l_used, l_held
    from unnest(o_meters, o_period_starts, o_plan_versions) with ordinality as o (meter, period_start, plan_version, position)
    left join overage_lines l on l.customer_id = p_customer_id and l.meter_key = o.meter
     and l.period_start = o.period_start and l.plan_version_id = o.plan_version;
    l_added := array_fill(0::bigint, array[v_lines]);
  end if;

  if p_mode <> 'check' then
    -- Key by key: as `= any` a generic plan would read all of a large customer's reservations.
    select array_agg(r.id order by k.position), array_agg(r.state::text order by k.position),
           array_agg(r.meter_key order by k.position), array_agg(r.quantity order by k.position),
           array_agg(r.allowance_units order by k.position), array_agg(r.credit_units order by k.position),
           array_agg(r.credits order by k.position), array_agg(r.overage_units order by k.position),
           array_agg(r.uncovered_units order by k.position)
      into r_ids, r_states, r_meters, r_quantities, r_allowance, r_credit_units, r_credits, r_overage, r_uncovered
    from unnest(c_keys) with ordinality as k (key, position)
    left join lateral (
      select * from reservations r where r.customer_id = p_customer_id and r.key = k.key limit 1
    ) r on true;
  end if;

  for i in 1..v_calls loop
    if r_ids[i] is not null then
      v_outcomes[i] := case when r_meters[i] = c_meters[i] and r_quantities[i] between c_least[i] and c_quantities[i]
        then 'replayed' else 'mismatch' end;
      continue;
    end if;
    if v_calls > 1 and p_mode <> 'check' then
      if v_keys ? c_keys[i] then
        a_twins[i] := (v_keys ->> c_keys[i])::integer;
        v_outcomes[i] := 'twin';
        continue;
      end if;
      v_keys := v_keys || jsonb_build_object(c_keys[i], i);
    end if;

    -- What every window leaves, and what those that are too full for this let pay instead.
    v_room := null; v_routes := 3; v_positions := '{}';
    for w in 1..v_windows loop
      continue when w_meters[w] <> c_meters[i] or w_users[w] <> nobody() and w_users[w] is distinct from c_users[i];
      v_positions := v_positions || w;
      continue when w_limits[w] is null;
      v_free := greatest(0, w_limits[w] - k_used[w] - k_held[w] - d_used[w] - d_held[w]);
      if v_free < c_quantities[i] then v_routes := v_routes & w_routes[w]; end if;
      v_room := least(v_room, v_free);
    end loop;
    l_position := array_position(o_meters, c_meters[i]);
    v_by_overage := l_position is not null and v_routes & 2 > 0;
    l_room := 0;
    if v_by_overage and v_room < c_quantities[i] then
      -- The cap is one for all meters of the period: what the others may come to is not there for this one.
      select coalesce(sum(overage_most(l.tier_starts, l.tier_amounts_minor, l.used + l.held)), 0) into l_others
      from overage_lines l
      where l.customer_id = p_customer_id and l.period_start = o_period_starts[l_position]
        and (l.meter_key, l.plan_version_id) <> (o_meters[l_position], o_plan_versions[l_position])
        and not (l.meter_key = any (o_meters) and l.plan_version_id = o_plan_versions[l_position]);
      for o in 1..v_lines loop
        continue when o = l_position;
        l_others := l_others + overage_most(o_tier_starts[o]::bigint[], o_tier_amounts[o]::integer[],
                                            l_used[o] + l_held[o] + l_added[o]);
      end loop;
      v_starts := o_tier_starts[l_position]; v_amounts := o_tier_amounts[l_position];
      l_room := overage_units_within(v_starts, v_amounts, o_cap_minor - l_others)
        - l_used[l_position] - l_held[l_position] - l_added[l_position];
    end if;

    s := split_use(c_quantities[i], v_room, v_routes & 1 > 0, v_available - v_taken, c_prices[i], c_least_prices[i],
                   v_by_overage, l_room, c_overage_first[i]);
    v_granted := c_quantities[i] - s.uncovered;
    if v_granted < c_least[i] then
      v_outcomes[i] := 'denied'; v_refused := true;
      continue;
    end if;
    v_outcomes[i] := case when p_mode = 'post' then 'posted' else 'held' end;
    a_quantities[i] := v_granted;
    a_allowance[i] := s.allowance; a_credit_units[i] := s.credit_units; a_credits[i] := s.credits;
    a_overage[i] := s.overage;
    v_taken := v_taken + s.credits;
    if s.overage > 0 then l_added[l_position] := l_added[l_position] + s.overage; end if;
    foreach v_position in array v_positions loop
      if w_users[v_position] <> nobody() then
        -- A member's cap is on all they use, whoever pays.
        if p_mode = 'post' then d_used[v_position] := d_used[v_position] + v_granted;
        else d_held[v_position] := d_held[v_position] + v_granted; end if;
      elsif p_mode = 'post' then
        d_used[v_position] := d_used[v_position] + s.allowance;
        d_credit_units[v_position] := d_credit_units[v_position] + s.credit_units;
        d_overage[v_position] := d_overage[v_position] + s.overage;
        d_credits[v_position] := d_credits[v_position] + s.credits;
      else
        d_held[v_position] := d_held[v_position] + s.allowance;
      end if;
    end loop;
  end loop;

  if v_refused and p_all_or_none then
    for i in 1..v_calls loop
      if v_outcomes[i] in ('held', 'posted') then v_outcomes[i] := 'not_all'; end if;
    end loop;
    d_used := array_fill(0::bigint, array[v_windows]); d_held := d_used; d_credit_units := d_used;
    d_overage := d_used; v_taken := 0;
  end if;

  if p_mode <> 'check' and v_outcomes && array['held', 'posted'] then
    insert into usage_counters (customer_id, meter_key, "window", user_id, window_start, window_end, used, held,
                                credit_units, overage_units, credits, version)
    select p_customer_id, w.meter, w."window", w.user_id, w.starts_at, w.ends_at, w.used, w.held, w.credit_units,
           w.overage, w.credits, 1
    from unnest(w_meters, w_windows, w_users, k_starts, k_ends, d_used, d_held, d_credit_units, d_overage, d_credits, k_known)
      as w (meter, "window", user_id, starts_at, ends_at, used, held, credit_units, overage, credits, known)
    where not w.known and w.meter = any (c_meters);
    update usage_counters c set
      used = c.used + w.used, held = c.held + w.held, credit_units = c.credit_units + w.credit_units,
      overage_units = c.overage_units + w.overage, credits = c.credits + w.credits, version = c.version + 1
    from unnest(w_meters, w_windows, w_users, k_starts, d_used, d_held, d_credit_units, d_overage, d_credits, k_known)
      as w (meter, "window", user_id, starts_at, used, held, credit_units, overage, credits, known)
    where w.known and w.used + w.held + w.credit_units + w.overage > 0
      and c.customer_id = p_customer_id and c.meter_key = w.meter and c."window" = w."window"
      and c.user_id = w.user_id and c.window_start = w.starts_at;

    if v_lines > 0 then
      insert into overage_lines (customer_id, meter_key, period_start, plan_version_id, subscription_id, period_end,
                                 currency, tier_starts, tier_amounts_minor)
      select p_customer_id, o.meter, o.period_start, o.plan_version, o.subscription, o.period_end, o.currency,
             o.starts::bigint[], o.amounts::integer[]
      from unnest(o_meters, o_period_starts, o_plan_versions, o_subscriptions, o_period_ends, o_currencies,
                  o_tier_starts, o_tier_amounts)
        as o (meter, period_start, plan_version, subscription, period_end, currency, starts, amounts)
      where o.meter = any (c_meters)
      on conflict do nothing;
      update overage_lines l set
        held = l.held + case when p_mode = 'hold' then o.added else 0 end,
        used = l.used + case when p_mode = 'post' then o.added else 0 end,
        amount_minor = case when p_mode = 'post'
          then overage_cost(l.tier_starts, l.tier_amounts_minor, l.used + o.added) else l.amount_minor end
      from unnest(o_meters, o_period_starts, o_plan_versions, l_added) as o (meter, period_start, plan_version, added)
      where o.added > 0 and l.customer_id = p_customer_id and l.meter_key = o.meter
        and l.period_start = o.period_start and l.plan_version_id = o.plan_version;
    end if;
    if p_mode = 'hold' and v_taken > 0 then
      update customer_balances c set credits_held = c.credits_held + v_taken where c.customer_id = p_customer_id;
    end if;

    insert into reservations (customer_id, id, key, user_id, meter_key, quantity, windows, window_starts, window_users,
                              window_limits, window_routes, overage_first, credits_per_unit, overage_period_start,
                              overage_plan_version_id, overage_cap_minor, allowance_units, credit_units, credits,
                              overage_units, used_quantity, state, created_at, expires_at, settled_at)
    select p_customer_id, c.id, c.key, c.user_id, c.meter, c.quantity, w.windows, w.starts, w.users, w.limits, w.routes,
           c.overage_first, c.price, o.period_start, o.plan_version, case when o.meter is not null then o_cap_minor end,
           c.allowance, c.credit_units, c.credits, c.overage,
           case when p_mode = 'post' then c.quantity end,
           case when p_mode = 'post' then 'committed' else 'held' end::reservation_state, p_now,
           case when p_mode = 'post' then p_now else p_expires_at end,
           case when p_mode = 'post' then p_now end
    from unnest(c_ids, c_keys, c_users, c_meters, a_quantities, c_overage_first, c_prices, a_allowance, a_credit_units,
                a_credits, a_overage, v_outcomes)
      as c (id, key, user_id, meter, quantity, overage_first, price, allowance, credit_units, credits, overage, outcome)
    cross join lateral (
      select array_agg(w."window") as windows, array_agg(w.starts_at) as starts, array_agg(w.user_id) as users,
             array_agg(coalesce(w.max, -1)) as limits, array_agg(w.routes) as routes
      from unnest(w_meters, w_windows, k_starts, w_users, w_limits, w_routes) as w (meter, "window", starts_at, user_id, max, routes)
      where w.meter = c.meter and (w.user_id = nobody() or w.user_id = c.user_id)
    ) w
    left join unnest(o_meters, o_period_starts, o_plan_versions) as o (meter, period_start, plan_version) on o.meter = c.meter
    where c.outcome in ('held', 'posted');

    if p_mode = 'post' then
      perform post_uses(p_customer_id, p_now, p_draw_down, false,
        u.ids, u.events, u.users, u.meters, u.quantities, u.held, u.allowance, u.credit_units, u.credits, u.overage,
        u.nothing, u.nothing, u.windows, u.starts, u.details)
      from (
        select array_agg(r.id) as ids, array_agg(c.event_id) as events, array_agg(r.user_id) as users,
               array_agg(r.meter_key) as meters, array_agg(r.quantity) as quantities, array_agg(0::bigint) as held,
               array_agg(r.allowance_units) as allowance, array_agg(r.credit_units) as credit_units,
               array_agg(r.credits) as credits, array_agg(r.overage_units) as overage, array_agg(0::bigint) as nothing,
               array_agg(r.windows::text) as windows, array_agg(r.window_starts::text) as starts,
               array_agg(c.details) as details
        from unnest(c_ids, c_event_ids, c_details, v_outcomes) as c (id, event_id, details, outcome)
        join reservations r on r.customer_id = p_customer_id and r.id = c.id
        where c.outcome = 'posted'
      ) u;
      perform record_thresholds(p_customer_id, p_percents, p_now, w_meters, w_windows, k_starts, w_limits);
    end if;
  end if;

  for i in 1..v_calls loop
    if v_outcomes[i] = 'twin' then
      -- The same key twice in one batch: whatever became of the first is the answer to both.
      v_outcomes[i] := case
        when c_meters[a_twins[i]] <> c_meters[i] or c_quantities[a_twins[i]] <> c_quantities[i] then 'mismatch'
        when v_outcomes[a_twins[i]] in ('held', 'posted') then 'replayed'
        else v_outcomes[a_twins[i]] end;
      if v_outcomes[i] = 'replayed' then
        r_ids[i] := c_ids[a_twins[i]]; r_quantities[i] := a_quantities[a_twins[i]];
        r_states[i] := case when p_mode = 'post' then 'committed' else 'held' end;
        r_allowance[i] := a_allowance[a_twins[i]]; r_credit_units[i] := a_credit_units[a_twins[i]];
        r_credits[i] := a_credits[a_twins[i]]; r_overage[i] := a_overage[a_twins[i]]; r_uncovered[i] := 0;
      end if;
    end if;
  end loop;

  select jsonb_agg(case
      when c.outcome in ('replayed') then jsonb_build_array(c.outcome, c.r_id, c.r_state, c.r_quantity, c.r_allowance,
        c.r_credit_units, c.r_credits, c.r_overage, c.r_uncovered)
      when c.outcome in ('held', 'posted') then jsonb_build_array(c.outcome, c.id,
        case c.outcome when 'posted' then 'committed' else 'held' end, c.quantity, c.allowance, c.credit_units, c.credits,
        c.overage, 0)
      else jsonb_build_array(c.outcome) end order by c.position) into v_result
  from unnest(v_outcomes, c_ids, a_quantities, a_allowance, a_credit_units, a_credits, a_overage,
              r_ids, r_states, r_quantities, r_allowance, r_credit_units, r_credits, r_overage, r_uncovered)
    with ordinality as c (outcome, id, quantity, allowance, credit_units, credits, overage,
                          r_id, r_state, r_quantity, r_allowance, r_credit_units, r_credits, r_overage, r_uncovered, position);
  return jsonb_build_object(
    'outcome', 'decided', 'calls', v_result,
    'credits', b.credits - v_expired - case when p_mode = 'post' then v_taken else 0 end,
    'credits_held', b.credits_held + case when p_mode = 'hold' then v_taken else 0 end,
    'windows', (
      select jsonb_agg(jsonb_build_array((extract(epoch from starts_at) * 1000)::bigint, (extract(epoch from ends_at) * 1000)::bigint,
                                         used + used_more, held + held_more, beyond + credit_more + overage_more) order by position)
      from unnest(k_starts, k_ends, k_used, k_held, k_beyond, d_used, d_held, d_credit_units, d_overage) with ordinality
        as w (starts_at, ends_at, used, held, beyond, used_more, held_more, credit_more, overage_more, position)));
end $$;

-- Settles holds of one customer with what was really used. Less than was held gives the rest back; more takes what is
-- free by now in the windows of the hold, then credits, then overage within the cap; what nobody covers is written off
-- as uncovered, or owed when p_as_debt. A hold that expired meanwhile is posted all the same: the work was done.
-- p_prices: credits a unit really cost, null = as reserved.
-- Answers one [outcome, quantity, allowance, credit units, credits, overage, uncovered] per hold:
--   committed  now        replayed  before, with what was posted then
--   released   the hold was given back before; nothing is posted        unknown  no such hold of this customer
create function commit_uses(
  p_customer_id uuid, p_now timestamptz, p_draw_down credit_source[], p_percents integer[], p_as_debt boolean,
  c_ids uuid[], c_event_ids uuid[], c_quantities bigint[], c_prices bigint[], c_details jsonb[]
) returns jsonb language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  b customer_balances%rowtype;
  r reservations%rowtype;
  v_was_held boolean;
  v_room bigint; v_routes integer; v_free bigint; v_price bigint; v_overage_room bigint; v_others bigint;
  l overage_lines%rowtype;
  s use_split;
  v_result jsonb := '[]';
  v_debt bigint;
  v_expired bigint := 0;
  -- What is posted, in step.
  u_ids uuid[] := '{}'; u_events uuid[] := '{}'; u_users uuid[] := '{}'; u_meters text[] := '{}';
  u_quantities bigint[] := '{}'; u_held bigint[] := '{}'; u_allowance bigint[] := '{}'; u_credit_units bigint[] := '{}';
  u_credits bigint[] := '{}'; u_overage bigint[] := '{}'; u_uncovered bigint[] := '{}'; u_debts bigint[] := '{}';
  u_windows text[] := '{}'; u_starts text[] := '{}'; u_details jsonb[] := '{}';
  -- The counters concerned.
  k_keys text[]; k_meters text[]; k_windows allowance_window[]; k_users uuid[]; k_starts timestamptz[];
  k_used bigint[]; k_held bigint[]; k_limits bigint[];
  d_used bigint[]; d_held bigint[]; d_credit_units bigint[]; d_overage bigint[]; d_uncovered bigint[]; d_credits bigint[];
  v_position integer;
  v_released bigint := 0;
  v_spent bigint := 0;
begin
  select * into b from customer_balances c where c.customer_id = p_customer_id for no key update;
  if b.next_expiry_at <= p_now then
    perform post_expired_credits(p_customer_id, p_now);
    select * into b from customer_balances c where c.customer_id = p_customer_id;
    v_expired := expired_credits(p_customer_id, b.credits, 0, p_now);
  end if;

  select array_agg(k.key), array_agg(k.meter_key), array_agg(k."window"), array_agg(k.user_id), array_agg(k.window_start),
         array_agg(k.used), array_agg(k.held), array_agg(k.max)
    into k_keys, k_meters, k_windows, k_users, k_starts, k_used, k_held, k_limits
  from (
    select concat_ws('|', w.meter_key, w."window", w.user_id, w.window_start) as key, w.*, u.used, u.held
    from (
      select rr.meter_key, x."window", x.user_id, x.window_start, min(x.max) as max
      from unnest(c_ids) as c (id)
      cross join lateral (select * from reservations q where q.customer_id = p_customer_id and q.id = c.id limit 1) rr
      cross join lateral unnest(rr.windows, rr.window_users, rr.window_starts, rr.window_limits) as x ("window", user_id, window_start, max)
      group by 1, 2, 3, 4
    ) w
    join usage_counters u on u.customer_id = p_customer_id and u.meter_key = w.meter_key and u."window" = w."window"
     and u.user_id = w.user_id and u.window_start = w.window_start
  ) k;
  d_used := array_fill(0::bigint, array[coalesce(cardinality(k_keys), 0)]); d_held := d_used; d_credit_units := d_used;
  d_overage := d_used; d_uncovered := d_used; d_credits := d_used;

  for i in 1..cardinality(c_ids) loop
    select * into r from reservations q where q.customer_id = p_customer_id and q.id = c_ids[i];
    if not found then
      v_result := v_result || jsonb_build_array(jsonb_build_array('unknown')); continue;
    end if;
    if r.state = 'released' then
      v_result := v_result || jsonb_build_array(jsonb_build_array('released')); continue;
    end if;
    if r.state = 'committed' then
      v_result := v_result || jsonb_build_array(jsonb_build_array('replayed', r.used_quantity, r.allowance_units,
        r.credit_units, r.credits, r.overage_units, r.uncovered_units));
      continue;
    end if;
    v_was_held := r.state = 'held';

    -- Its own hold is given back first, so that it is the first to have it.
    v_room := null; v_routes := 3;
    for w in 1..cardinality(r.windows) loop
      v_position := array_position(k_keys, concat_ws('|', r.meter_key, r.windows[w], r.window_users[w], r.window_starts[w]));
      if v_was_held then
        d_held[v_position] := d_held[v_position]
          - case when r.window_users[w] = nobody() then r.allowance_units else r.quantity end;
      end if;
      continue when r.window_limits[w] < 0;
      v_free := greatest(0, r.window_limits[w] - k_used[v_position] - k_held[v_position] - d_used[v_position] - d_held[v_position]);
      if v_free < c_quantities[i] then v_routes := v_routes & r.window_routes[w]; end if;
      v_room := least(v_room, v_free);
    end loop;
    if v_was_held then v_released := v_released + r.credits; end if;

    v_overage_room := 0;
    if r.overage_period_start is not null then
      select * into l from overage_lines o where o.customer_id = p_customer_id and o.meter_key = r.meter_key
         and o.period_start = r.overage_period_start and o.plan_version_id = r.overage_plan_version_id;
      if v_was_held then l.held := l.held - r.overage_units; end if;
      if v_routes & 2 > 0 then
        select coalesce(sum(overage_most(o.tier_starts, o.tier_amounts_minor, o.used + o.held)), 0) into v_others
        from overage_lines o
        where o.customer_id = p_customer_id and o.period_start = l.period_start
          and (o.meter_key, o.plan_version_id) <> (l.meter_key, l.plan_version_id);
        v_overage_room := overage_units_within(l.tier_starts, l.tier_amounts_minor, r.overage_cap_minor - v_others) - l.used - l.held;
      end if;
    end if;

    v_price := coalesce(c_prices[i], r.credits_per_unit);
    s := split_use(c_quantities[i], v_room, v_routes & 1 > 0,
                   b.credits - v_expired - b.credits_held + v_released - v_spent, v_price,
                   case when c_prices[i] is null then v_price else 0 end,
                   r.overage_period_start is not null and v_routes & 2 > 0, v_overage_room, r.overage_first);
    v_debt := case when p_as_debt and v_routes & 1 > 0 and v_price is not null
      then s.uncovered * v_price + s.uncovered_credits else 0 end;
    v_spent := v_spent + s.credits + v_debt;

    for w in 1..cardinality(r.windows) loop
      v_position := array_position(k_keys, concat_ws('|', r.meter_key, r.windows[w], r.window_users[w], r.window_starts[w]));
      if r.window_users[w] <> nobody() then
        d_used[v_position] := d_used[v_position] + c_quantities[i];
        continue;
      end if;
      d_used[v_position] := d_used[v_position] + s.allowance;
      d_credit_units[v_position] := d_credit_units[v_position] + s.credit_units;
      d_overage[v_position] := d_overage[v_position] + s.overage;
      d_uncovered[v_position] := d_uncovered[v_position] + s.uncovered;
      d_credits[v_position] := d_credits[v_position] + s.credits;
    end loop;
    if r.overage_period_start is not null and (r.overage_units > 0 or s.overage > 0) then
      update overage_lines o set
        held = l.held, used = o.used + s.overage,
        amount_minor = overage_cost(o.tier_starts, o.tier_amounts_minor, o.used + s.overage)
      where o.customer_id = p_customer_id and o.meter_key = l.meter_key
        and o.period_start = l.period_start and o.plan_version_id = l.plan_version_id;
    end if;
    -- At once, so that the same hold twice in one batch is settled once.
    update reservations q set
      state = 'committed', settled_at = p_now, used_quantity = c_quantities[i], allowance_units = s.allowance,
      credit_units = s.credit_units, credits = s.credits, overage_units = s.overage, uncovered_units = s.uncovered
    where q.customer_id = p_customer_id and q.id = r.id;

    u_ids := u_ids || r.id; u_events := u_events || c_event_ids[i]; u_users := u_users || r.user_id;
    u_meters := u_meters || r.meter_key; u_quantities := u_quantities || c_quantities[i];
    u_held := u_held || r.quantity; u_allowance := u_allowance || s.allowance;
    u_credit_units := u_credit_units || s.credit_units; u_credits := u_credits || s.credits;
    u_overage := u_overage || s.overage; u_uncovered := u_uncovered || s.uncovered; u_debts := u_debts || v_debt;
    u_windows := u_windows || r.windows::text; u_starts := u_starts || r.window_starts::text;
    u_details := u_details || c_details[i];
    v_result := v_result || jsonb_build_array(jsonb_build_array('committed', c_quantities[i], s.allowance, s.credit_units,
      s.credits, s.overage, s.uncovered));
  end loop;

  if cardinality(u_ids) > 0 then
    if v_released > 0 then
      update customer_balances c set credits_held = c.credits_held - v_released where c.customer_id = p_customer_id;
    end if;
    update usage_counters c set
      used = c.used + w.used, held = c.held + w.held, credit_units = c.credit_units + w.credit_units,
      overage_units = c.overage_units + w.overage, uncovered_units = c.uncovered_units + w.uncovered,
      credits = c.credits + w.credits, version = c.version + 1
    from unnest(k_meters, k_windows, k_users, k_starts, d_used, d_held, d_credit_units, d_overage, d_uncovered, d_credits)
      as w (meter, "window", user_id, starts_at, used, held, credit_units, overage, uncovered, credits)
    where c.customer_id = p_customer_id and c.meter_key = w.meter and c."window" = w."window"
      and c.user_id = w.user_id and c.window_start = w.starts_at;
    perform post_uses(p_customer_id, p_now, p_draw_down, p_as_debt, u_ids, u_events, u_users, u_meters, u_quantities,
                      u_held, u_allowance, u_credit_units, u_credits, u_overage, u_uncovered, u_debts, u_windows, u_starts, u_details);
    perform record_thresholds(p_customer_id, p_percents, p_now, k_meters, k_windows, k_starts, k_limits);
  end if;
  return v_result;
end $$;

-- Gives holds back whole. p_state says why: `released` by the caller, `expired` by the janitor.
-- Answers per hold the state it is in afterwards, or `unknown`.
create function release_uses(p_customer_id uuid, p_ids uuid[], p_state reservation_state, p_now timestamptz)
returns text[] language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  v_credits bigint;
  v_states text[];
begin
  perform 1 from customer_balances c where c.customer_id = p_customer_id for no key update;
  with given_back as (
    update reservations q set state = p_state, settled_at = p_now
    from (select distinct id from unnest(p_ids) as c (id)) c
    where q.customer_id = p_customer_id and q.id = c.id and q.state = 'held'
      -- The janitor looked before it had the lock.
      and (p_state <> 'expired' or q.expires_at <= p_now)
    returning q.*
  ), counters as (
    update usage_counters c set held = c.held - w.units, version = c.version + 1
    from (
      select g.meter_key, x."window", x.user_id, x.window_start, 
             sum(case when x.user_id = nobody() then g.allowance_units else g.quantity end) as units
      from given_back g
      cross join lateral unnest(g.windows, g.window_users, g.window_starts) as x ("window", user_id, window_start)
      group by 1, 2, 3, 4
    ) w
    where w.units > 0 and c.customer_id = p_customer_id and c.meter_key = w.meter_key and c."window" = w."window"
      and c.user_id = w.user_id and c.window_start = w.window_start
  ), lines as (
    update overage_lines o set held = o.held - w.units
    from (
      select g.meter_key, g.overage_period_start, g.overage_plan_version_id, sum(g.overage_units) as units
      from given_back g group by 1, 2, 3
    ) w
    where w.units > 0 and o.customer_id = p_customer_id and o.meter_key = w.meter_key
      and o.period_start = w.overage_period_start and o.plan_version_id = w.overage_plan_version_id
  )
  select coalesce(sum(g.credits), 0) into v_credits from given_back g;
  if v_credits > 0 then
    update customer_balances c set credits_held = c.credits_held - v_credits where c.customer_id = p_customer_id;
  end if;
  select array_agg(coalesce(q.state::text, 'unknown') order by c.position) into v_states
  from unnest(p_ids) with ordinality as c (id, position)
  left join lateral (select * from reservations q where q.customer_id = p_customer_id and q.id = c.id limit 1) q on true;
  return v_states;
end $$;
