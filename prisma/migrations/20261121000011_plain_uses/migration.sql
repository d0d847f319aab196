-- Most uses need no weighing: all that is asked of a customer fits into the allowance, or the allowance is used up and
-- credits pay for all of it, or for nothing. Such uses are decided here, for many customers in one call and by sets, at a fraction of what
-- decide_uses and commit_uses take. The rules are theirs: what is not plain by every one of them is left to them, untouched.
--
-- So is a customer who is locked just now: nobody waits here for somebody else's customer, and as nobody waits, nobody
-- deadlocks. Joins are nested loops only: a generic plan made while a table was small would read the whole of it later.

-- Decides about uses of many customers. Customers come as b_*, each with at least one counter (w_*, of customer w_owner)
-- and one use (c_*); s_* are the counters of a use as its reservation keeps them. No key may come twice.
--   p_mode     as of decide_uses; where nothing is written each use is for itself, so units and credits are the largest one's
--   b_units    units in all; b_most = of the largest use; b_credits = what all cost in credits, null = credits do not pay
--   b_cheapest the fewest credits that pay for any of it, null = they are of several meters
--   w_units    units in all of the uses that are in this counter
-- Answers arrays, one position per customer (kinds: 0 = left to decide_uses, 1 = by the allowance, 2 = by credits,
-- 3 = denied; credits and credits held as they were) and per counter (used, held and beyond as they were).
create function decide_plain_uses(
  p_mode text, p_now timestamptz, p_expires_at timestamptz, p_draw_down credit_source[], p_percents integer[],
  b_ids uuid[], b_versions bigint[], b_units bigint[], b_most bigint[], b_credits bigint[], b_cheapest bigint[],
  w_owners integer[], w_meters text[], w_windows allowance_window[], w_users uuid[], w_starts timestamptz[],
  w_ends timestamptz[], w_limits bigint[], w_routes integer[], w_units bigint[],
  s_windows text[], s_starts text[], s_users text[], s_limits text[], s_routes text[],
  c_owners integer[], c_sets integer[], c_ids uuid[], c_event_ids uuid[], c_keys text[], c_users uuid[], c_meters text[],
  c_quantities bigint[], c_prices bigint[], c_overage_first boolean[], c_details jsonb[]
) returns jsonb language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off as $$
declare
  l_positions integer[]; l_credits bigint[]; l_held bigint[];
  -- Of each customer: whether their windows are the ones that were asked about; whether all that is asked fits; whether
  -- somebody's cap is concerned; whether a window has nothing left; what may pay beyond all windows that are too full for
  -- the largest use, and beyond all that have nothing left.
  v_plain boolean[] := array_fill(true, array[cardinality(b_ids)]);
  v_fits boolean[] := v_plain;
  v_members boolean[] := array_fill(false, array[cardinality(b_ids)]);
  v_empty boolean[] := v_members;
  v_routes integer[] := array_fill(3, array[cardinality(b_ids)]);
  v_way_out integer[] := v_routes;
  v_repeated integer[];
  k_used bigint[]; k_held bigint[]; k_beyond bigint[]; k_new boolean[]; k_warned integer[];
  v_kinds integer[] := array_fill(0, array[cardinality(b_ids)]);
  v_credits bigint[] := array_fill(0::bigint, array[cardinality(b_ids)]);
  v_held bigint[] := v_credits;
  v_owner integer; v_free bigint; v_available bigint;
  v_is_hold constant boolean := p_mode = 'hold';
  v_result jsonb;
begin
  if p_mode = 'check' then
    select array_agg(b.position), array_agg(c.credits), array_agg(c.credits_held) into l_positions, l_credits, l_held
    from unnest(b_ids, b_versions) with ordinality as b (id, version, position)
    cross join lateral (
      select x.credits, x.credits_held from customer_balances x
      where x.customer_id = b.id and x.facts_version = b.version and (x.next_expiry_at is null or x.next_expiry_at > p_now)
      limit 1
    ) c;
  else
    select array_agg(b.position), array_agg(c.credits), array_agg(c.credits_held) into l_positions, l_credits, l_held
    from unnest(b_ids, b_versions) with ordinality as b (id, version, position)
    cross join lateral (
      select x.credits, x.credits_held from customer_balances x
      where x.customer_id = b.id and x.facts_version = b.version and (x.next_expiry_at is null or x.next_expiry_at > p_now)
      for no key update skip locked
    ) c;
  end if;
  if l_positions is null then return '{"kinds": [], "credits": [], "credits_held": [], "used": [], "held": [], "beyond": []}'; end if;

  -- Each counter's latest window that has begun. It is the one that was asked about, or that one is new, or (null) it
  -- takes weighing to say.
  select array_agg(case when l.window_start = w.starts_at then l.used else 0 end order by w.position),
         array_agg(case when l.window_start = w.starts_at then l.held else 0 end order by w.position),
         array_agg(case when l.window_start = w.starts_at then l.beyond else 0 end order by w.position),
         array_agg(case when l.window_start = w.starts_at and l.warned_limit = w.max then l.warned_percent else 0 end order by w.position),
         array_agg(case when l.window_start is null then true
                        when l.window_start = w.starts_at and (w."window" = 'period' or l.window_end > p_now) then false
                        when case w."window" when 'period' then l.window_start < w.starts_at
                                             else l.window_end <= w.starts_at end then true end order by w.position)
    into k_used, k_held, k_beyond, k_warned, k_new
  from unnest(w_owners, w_meters, w_windows, w_users, w_starts, w_limits) with ordinality
    as w (owner, meter, "window", user_id, starts_at, max, position)
  left join lateral (
    select u.window_start, u.window_end, u.used, u.held, u.credit_units + u.overage_units + u.uncovered_units as beyond,
           u.warned_percent, u.warned_limit
    from usage_counters u
    where u.customer_id = b_ids[w.owner] and u.meter_key = w.meter and u."window" = w."window" and u.user_id = w.user_id
      and u.window_start <= case when w."window" = 'period' then w.starts_at else p_now end
    order by u.window_start desc limit 1
  ) l on true;
  for i in 1..cardinality(w_owners) loop
    v_owner := w_owners[i];
    if k_new[i] is null then v_plain[v_owner] := false; end if;
    if w_users[i] <> nobody() then v_members[v_owner] := true; end if;
    continue when w_limits[i] is null;
    v_free := w_limits[i] - k_used[i] - k_held[i];
    if v_free < w_units[i] then v_fits[v_owner] := false; end if;
    if v_free < b_most[v_owner] then v_routes[v_owner] := v_routes[v_owner] & w_routes[i]; end if;
    if v_free <= 0 and w_users[i] = nobody() then
      v_empty[v_owner] := true;
      v_way_out[v_owner] := v_way_out[v_owner] & w_routes[i];
    end if;
  end loop;
  if p_mode <> 'check' then
    select array_agg(c.owner) into v_repeated
    from unnest(c_owners, c_keys) as c (owner, key)
    cross join lateral (select 1 from reservations r where r.customer_id = b_ids[c.owner] and r.key = c.key limit 1) r;
  end if;

  for i in 1..cardinality(l_positions) loop
    v_owner := l_positions[i];
    v_credits[v_owner] := l_credits[i]; v_held[v_owner] := l_held[i];
    v_available := greatest(0, l_credits[i] - l_held[i]);
    v_kinds[v_owner] := case
      when not v_plain[v_owner] or v_owner = any (v_repeated) then 0
      when v_fits[v_owner] then 1
      -- A member's own counter has all they use, whoever pays: that is weighed.
      when v_empty[v_owner] and v_routes[v_owner] & 1 = 1 and b_credits[v_owner] <= v_available and not v_members[v_owner] then 2
      when v_empty[v_owner] and (v_way_out[v_owner] & 1 = 0 and b_cheapest[v_owner] is not null or b_cheapest[v_owner] > v_available) then 3
      else 0 end;
  end loop;

  v_result := jsonb_build_object('kinds', to_jsonb(v_kinds), 'credits', to_jsonb(v_credits), 'credits_held', to_jsonb(v_held),
                                 'used', to_jsonb(k_used), 'held', to_jsonb(k_held), 'beyond', to_jsonb(k_beyond));
  if p_mode = 'check' then return v_result; end if;

  if true = any (k_new) then
    insert into usage_counters (customer_id, meter_key, "window", user_id, window_start, window_end, used, held,
                                credit_units, credits, version)
    select b_ids[w.owner], w.meter, w."window", w.user_id, w.starts_at, w.ends_at,
           case when v_kinds[w.owner] = 1 and not v_is_hold then w.units else 0 end,
           case when v_kinds[w.owner] = 1 and v_is_hold then w.units else 0 end,
           case when v_kinds[w.owner] = 2 and not v_is_hold then w.units else 0 end,
           case when v_kinds[w.owner] = 2 and not v_is_hold then b_credits[w.owner] else 0 end, 1
    from unnest(w_owners, w_meters, w_windows, w_users, w_starts, w_ends, w_units, k_new)
      as w (owner, meter, "window", user_id, starts_at, ends_at, units, is_new)
    where w.is_new and v_kinds[w.owner] in (1, 2);
  end if;
  update usage_counters c set
    used = c.used + case when v_kinds[w.owner] = 1 and not v_is_hold then w.units else 0 end,
    held = c.held + case when v_is_hold then w.units else 0 end,
    credit_units = c.credit_units + case when v_kinds[w.owner] = 2 then w.units else 0 end,
    credits = c.credits + case when v_kinds[w.owner] = 2 then b_credits[w.owner] else 0 end,
    version = c.version + 1
  from unnest(w_owners, w_meters, w_windows, w_users, w_starts, w_units, k_new)
    as w (owner, meter, "window", user_id, starts_at, units, is_new)
  where not w.is_new and (v_kinds[w.owner] = 1 or v_kinds[w.owner] = 2 and not v_is_hold)
    and c.customer_id = b_ids[w.owner] and c.meter_key = w.meter and c."window" = w."window" and c.user_id = w.user_id
    and c.window_start = w.starts_at;

  insert into reservations (customer_id, id, key, user_id, meter_key, quantity, windows, window_starts, window_users,
                            window_limits, window_routes, overage_first, credits_per_unit, allowance_units, credit_units,
                            credits, used_quantity, state, created_at, expires_at, settled_at)
  select b_ids[c.owner], c.id, c.key, c.user_id, c.meter, c.quantity, s_windows[c.counters]::allowance_window[],
         s_starts[c.counters]::timestamptz[], s_users[c.counters]::uuid[], s_limits[c.counters]::bigint[],
         s_routes[c.counters]::integer[], c.overage_first, c.price,
         case v_kinds[c.owner] when 1 then c.quantity else 0 end, case v_kinds[c.owner] when 2 then c.quantity else 0 end,
         case v_kinds[c.owner] when 2 then c.quantity * c.price else 0 end,
         case when not v_is_hold then c.quantity end,
         case when v_is_hold then 'held' else 'committed' end::reservation_state, p_now,
         case when v_is_hold then p_expires_at else p_now end, case when not v_is_hold then p_now end
  from unnest(c_owners, c_sets, c_ids, c_keys, c_users, c_meters, c_quantities, c_overage_first, c_prices)
    as c (owner, counters, id, key, user_id, meter, quantity, overage_first, price)
  where v_kinds[c.owner] in (1, 2);

  if v_is_hold then
    if 2 = any (v_kinds) then
      update customer_balances c set credits_held = c.credits_held + b.credits
      from unnest(b_ids, b_credits, v_kinds) as b (id, credits, kind)
      where b.kind = 2 and b.credits > 0 and c.customer_id = b.id;
    end if;
  else
    perform insert_usage_events(p_now, false, u.customers, u.ids, u.events, array_fill(null::bigint, array[u.count]), u.details)
    from (
      select array_agg(b_ids[c.owner]) as customers, array_agg(c.id) as ids, array_agg(c.event_id) as events,
             array_agg(c.details) as details, count(*)::integer as count
      from unnest(c_owners, c_ids, c_event_ids, c_details) as c (owner, id, event_id, details)
      where v_kinds[c.owner] = 1
    ) u where u.count > 0;
    -- Credits come out of lots, customer by customer.
    perform post_uses(b_ids[u.owner], p_now, p_draw_down, false, u.ids, u.events, u.credits, array_fill(0::bigint, array[u.count]), u.details)
    from (
      select c.owner, array_agg(c.id order by c.position) as ids, array_agg(c.event_id order by c.position) as events,
             array_agg(c.quantity * c.price order by c.position) as credits,
             array_agg(c.details order by c.position) as details, count(*)::integer as count
      from unnest(c_owners, c_ids, c_event_ids, c_quantities, c_prices, c_details) with ordinality
        as c (owner, id, event_id, quantity, price, details, position)
      where v_kinds[c.owner] = 2
      group by c.owner
    ) u;
    perform record_thresholds(b_ids[u.owner], p_percents, p_now, u.meters, u.windows, u.starts, u.limits)
    from (
      select w.owner, array_agg(w.meter) as meters, array_agg(w."window") as windows, array_agg(w.starts_at) as starts,
             array_agg(w.max) as limits
      from unnest(w_owners, w_meters, w_windows, w_starts, w_users, w_limits, k_used, w_units, k_warned)
        as w (owner, meter, "window", starts_at, user_id, max, used, units, warned)
      where v_kinds[w.owner] in (1, 2) and w.user_id = nobody() and w.max > 0
        and threshold_reached(p_percents, w.used + case v_kinds[w.owner] when 1 then w.units else 0 end, w.max) > w.warned
      group by w.owner
    ) u;
  end if;
  return v_result;
end $$;

-- Settles holds of many customers that the allowance pays for and that took no more than was held. No id may come twice.
-- Answers for each customer whether all of theirs are settled; if not, none is, and commit_uses has to.
create function commit_plain_uses(
  p_now timestamptz, p_percents integer[],
  b_ids uuid[], c_owners integer[], c_ids uuid[], c_event_ids uuid[], c_quantities bigint[], c_details jsonb[]
) returns boolean[] language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off as $$
declare
  l_positions integer[];
  v_other integer[];
  v_settled boolean[] := array_fill(false, array[cardinality(b_ids)]);
  v_crossing integer[];
begin
  select array_agg(b.position) into l_positions
  from unnest(b_ids) with ordinality as b (id, position)
  cross join lateral (
    select from customer_balances x
    where x.customer_id = b.id and (x.next_expiry_at is null or x.next_expiry_at > p_now)
    for no key update skip locked
  ) c;
  select array_agg(c.owner) into v_other
  from unnest(c_owners, c_ids, c_quantities) as c (owner, id, quantity)
  left join lateral (
    select q.state, q.quantity, q.allowance_units from reservations q
    where q.id = c.id and q.customer_id is not distinct from b_ids[c.owner] limit 1
  ) r on true
  where (r.state = 'held' and r.allowance_units = r.quantity and r.quantity >= c.quantity) is not true;
  for i in 1..coalesce(cardinality(l_positions), 0) loop
    v_settled[l_positions[i]] := (l_positions[i] = any (v_other)) is not true;
  end loop;
  if not true = any (v_settled) then return v_settled; end if;

  with settled as (
    update reservations q set
      state = 'committed', settled_at = p_now, used_quantity = c.quantity, allowance_units = c.quantity
    from unnest(c_owners, c_ids, c_quantities) as c (owner, id, quantity)
    where v_settled[c.owner] and q.id = c.id and q.customer_id is not distinct from b_ids[c.owner]
    returning c.owner, q.customer_id, q.meter_key, q.windows, q.window_users, q.window_starts, q.window_limits,
              q.used_quantity, q.quantity
  ), counted as (
    update usage_counters u set used = u.used + w.used, held = u.held - w.held, version = u.version + 1
    from (
      select s.owner, s.customer_id, s.meter_key, x."window", x.user_id, x.starts_at, min(x.max) as max,
             sum(s.used_quantity) as used, sum(s.quantity) as held
      from settled s
      cross join lateral unnest(s.windows, s.window_users, s.window_starts, s.window_limits) as x ("window", user_id, starts_at, max)
      group by 1, 2, 3, 4, 5, 6
    ) w
    where u.customer_id = w.customer_id and u.meter_key = w.meter_key and u."window" = w."window" and u.user_id = w.user_id
      and u.window_start = w.starts_at
    returning w.owner, u.user_id, w.max, u.used, case when u.warned_limit = w.max then u.warned_percent else 0 end as warned
  )
  select array_agg(distinct c.owner) into v_crossing from counted c
  where c.user_id = nobody() and c.max > 0 and threshold_reached(p_percents, c.used, c.max) > c.warned;

  perform insert_usage_events(p_now, true, u.customers, u.ids, u.events, array_fill(null::bigint, array[cardinality(u.ids)]), u.details)
  from (
    select array_agg(b_ids[c.owner]) as customers, array_agg(c.id) as ids, array_agg(c.event_id) as events,
           array_agg(c.details) as details
    from unnest(c_owners, c_ids, c_event_ids, c_details) as c (owner, id, event_id, details)
    where v_settled[c.owner]
  ) u;
  if v_crossing is not null then
    perform record_thresholds(b_ids[u.owner], p_percents, p_now, u.meters, u.windows, u.starts, u.limits)
    from (
      select k.owner, array_agg(k.meter_key) as meters, array_agg(k."window") as windows, array_agg(k.starts_at) as starts,
             array_agg(k.max) as limits
      from (
        select c.owner, r.meter_key, x."window", x.starts_at, min(x.max) as max
        from unnest(c_owners, c_ids) as c (owner, id)
        cross join lateral (select * from reservations q where q.id = c.id and q.customer_id is not distinct from b_ids[c.owner] limit 1) r
        cross join lateral unnest(r.windows, r.window_users, r.window_starts, r.window_limits) as x ("window", user_id, starts_at, max)
        where c.owner = any (v_crossing) and x.user_id = nobody()
        group by 1, 2, 3, 4
      ) k group by 1
    ) u;
  end if;
  return v_settled;
end $$;
