-- Levels: a gauge meter rises and falls. What is used of it is the sum of its events, so what lowers it is an event with
-- a quantity below zero, which says in its details what the level was and what it became.

alter table usage_events drop constraint usage_events_quantity_not_negative;
do $$
declare
  v_partition regclass;
begin
  -- Each was attached with a constraint of its own, which stays when the parent's goes.
  for v_partition in select i.inhrelid from pg_inherits i where i.inhparent = 'usage_events'::regclass loop
    execute format('alter table %s drop constraint if exists usage_events_quantity_not_negative', v_partition);
  end loop;
end $$;
alter table usage_events add constraint usage_events_only_levels_fall check (quantity >= 0 or details ? 'level');

-- What is held is a number of units; a change of a level is posted at once and may be none, or fewer.
alter table reservations drop constraint reservations_quantity_positive;
alter table reservations add constraint reservations_quantity_positive check (quantity > 0 or state = 'committed');

-- Sets the level of a meter to p_level, or where that is null changes it by p_delta, under the lock of the customer's
-- balance row as every decision. A level has one window, which never ends; units that credits or overage paid, or nobody,
-- are part of it. Lowering takes those away first that came last, and gives no money back.
-- Answers {outcome, level, held, start, end, id, from, to}: the level as it is now, and what the change made of it.
--   changed   now        replayed  before, by the same key and request
--   mismatch  the key was used for another meter or change
--   denied    it would be above p_limit, with what open holds keep; `delta` says by how much it was to rise
--   below_zero  there is not so much to take away
--   stale, unknown_customer  as decide_uses
create function change_level(
  p_customer_id uuid, p_facts_version bigint, p_now timestamptz, p_percents integer[],
  p_id uuid, p_event_id uuid, p_key text, p_meter text, p_level bigint, p_delta bigint,
  p_start timestamptz, p_end timestamptz, p_limit bigint
) returns jsonb language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off as $$
declare
  b customer_balances%rowtype;
  r reservations%rowtype;
  c usage_counters%rowtype;
  v_details jsonb;
  v_asked jsonb := case when p_level is null then jsonb_build_object('delta', p_delta)
                        else jsonb_build_object('set_to', p_level) end;
  v_level bigint; v_delta bigint; v_left bigint;
  -- What each payer's units change by.
  v_allowance bigint := 0; v_credit_units bigint := 0; v_overage bigint := 0; v_uncovered bigint := 0;
  v_result jsonb;
begin
  select * into b from customer_balances x where x.customer_id = p_customer_id for no key update;
  if not found then return '{"outcome": "unknown_customer"}'; end if;
  if b.facts_version <> p_facts_version then return '{"outcome": "stale"}'; end if;

  select * into c from usage_counters u
  where u.customer_id = p_customer_id and u.meter_key = p_meter and u."window" = 'lifetime' and u.user_id = nobody()
    and u.window_start = p_start;
  v_level := coalesce(c.used + c.credit_units + c.overage_units + c.uncovered_units, 0);
  v_result := jsonb_build_object('level', v_level, 'held', coalesce(c.held, 0),
    'start', (extract(epoch from p_start) * 1000)::bigint, 'end', (extract(epoch from p_end) * 1000)::bigint);

  select * into r from reservations x where x.customer_id = p_customer_id and x.key = p_key;
  if found then
    select e.details into v_details from usage_events e
    where e.customer_id = p_customer_id and e.occurred_at = r.settled_at and e.reservation_id = r.id;
    if r.meter_key <> p_meter or not v_details @> v_asked then return v_result || '{"outcome": "mismatch"}'; end if;
    return v_result || jsonb_build_object('outcome', 'replayed', 'id', r.id,
      'from', v_details -> 'level_before', 'to', v_details -> 'level');
  end if;

  v_delta := coalesce(p_level - v_level, p_delta);
  if v_level + v_delta < 0 then return v_result || '{"outcome": "below_zero"}'; end if;
  if v_delta > 0 and v_level + coalesce(c.held, 0) + v_delta > p_limit then
    return v_result || jsonb_build_object('outcome', 'denied', 'delta', v_delta);
  end if;

  if v_delta > 0 then
    v_allowance := v_delta;
  elsif v_delta < 0 then
    v_left := -v_delta;
    v_uncovered := -least(v_left, c.uncovered_units); v_left := v_left + v_uncovered;
    v_overage := -least(v_left, c.overage_units); v_left := v_left + v_overage;
    v_credit_units := -least(v_left, c.credit_units); v_left := v_left + v_credit_units;
    v_allowance := -v_left;
  end if;
  if v_delta <> 0 then
    if c.customer_id is null then
      insert into usage_counters (customer_id, meter_key, "window", user_id, window_start, window_end, used, version)
      values (p_customer_id, p_meter, 'lifetime', nobody(), p_start, p_end, v_delta, 1);
    else
      update usage_counters u set
        used = u.used + v_allowance, credit_units = u.credit_units + v_credit_units,
        overage_units = u.overage_units + v_overage, uncovered_units = u.uncovered_units + v_uncovered,
        version = u.version + 1
      where u.customer_id = p_customer_id and u.meter_key = p_meter and u."window" = 'lifetime' and u.user_id = nobody()
        and u.window_start = p_start;
    end if;
  end if;

  insert into reservations (customer_id, id, key, meter_key, quantity, windows, window_starts, window_users, window_limits,
                            window_routes, allowance_units, credit_units, overage_units, uncovered_units, used_quantity,
                            state, created_at, expires_at, settled_at)
  values (p_customer_id, p_id, p_key, p_meter, v_delta, array['lifetime']::allowance_window[], array[p_start],
          array[nobody()], array[coalesce(p_limit, -1)], array[0], v_allowance, v_credit_units, v_overage, v_uncovered, v_delta,
          'committed', p_now, p_now, p_now);
  perform post_uses(p_customer_id, p_now, '{}', false, array[p_id], array[p_event_id], array[0::bigint], array[0::bigint],
    array[v_asked || jsonb_build_object('level_before', v_level, 'level', v_level + v_delta)]);
  if v_delta > 0 then
    perform record_thresholds(p_customer_id, p_percents, p_now, array[p_meter], array['lifetime']::allowance_window[],
                              array[p_start], array[p_limit]);
  end if;
  return v_result || jsonb_build_object('outcome', 'changed', 'id', p_id, 'level', v_level + v_delta,
    'from', v_level, 'to', v_level + v_delta);
end $$;
