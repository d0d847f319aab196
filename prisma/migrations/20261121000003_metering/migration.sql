-- reserve -> commit | release | expire. Each is one call, decides under row locks, and may be repeated.
-- Business time always comes in as p_now: SQL never reads its own clock for it.
--
-- Locks are taken in one order everywhere (a reservation before its counters, counters by window and start),
-- so two calls of one customer wait for each other and never deadlock.

-- Adds to the counters of one customer and meter in the given windows.
create function add_usage(
  p_customer_id uuid, p_meter text,
  p_windows allowance_window[], p_starts timestamptz[],
  p_used bigint, p_held bigint
) returns void language sql as $$
  with locked as (
    select c.customer_id, c.meter_key, c."window", c.window_start
    from unnest(p_windows, p_starts) as w ("window", window_start)
    join usage_counters c
      on c.customer_id = p_customer_id and c.meter_key = p_meter
     and c."window" = w."window" and c.window_start = w.window_start
    order by c."window", c.window_start
    for update of c
  )
  update usage_counters c
     set used = c.used + p_used, held = c.held + p_held
    from locked l
   where c.customer_id = l.customer_id and c.meter_key = l.meter_key
     and c."window" = l."window" and c.window_start = l.window_start
$$;

-- Holds p_quantity of a meter in every window at once, or in none.
--   held      a new hold was made
--   replayed  p_key was used before with the same meter and quantity; its reservation is returned
--   mismatch  p_key was used before for something else
--   denied    at least one window has no room; nothing was written
-- `counters` lists the windows after the decision, in the order given. p_limits: null = unlimited.
create function reserve_usage(
  p_customer_id uuid, p_reservation_id uuid, p_key text, p_user_id uuid,
  p_meter text, p_quantity bigint,
  p_windows allowance_window[], p_starts timestamptz[], p_ends timestamptz[], p_limits bigint[],
  p_now timestamptz, p_expires_at timestamptz
) returns table (outcome text, reservation_id uuid, reservation_state text, counters jsonb)
language plpgsql as $$
declare
  v_existing reservations%rowtype;
  v_room boolean;
begin
  insert into usage_counters (customer_id, meter_key, "window", window_start, window_end)
  select p_customer_id, p_meter, w."window", w.window_start, w.window_end
  from unnest(p_windows, p_starts, p_ends) as w ("window", window_start, window_end)
  order by w."window", w.window_start
  on conflict do nothing;

  perform 1
  from usage_counters c
  join unnest(p_windows, p_starts) as w ("window", window_start)
    on c."window" = w."window" and c.window_start = w.window_start
  where c.customer_id = p_customer_id and c.meter_key = p_meter
  order by c."window", c.window_start
  for update of c;

  select * into v_existing from reservations r where r.customer_id = p_customer_id and r.key = p_key;

  if found then
    outcome := case when v_existing.meter_key = p_meter and v_existing.quantity = p_quantity
      then 'replayed' else 'mismatch' end;
    reservation_id := v_existing.id;
    reservation_state := v_existing.state;
  else
    select bool_and(w.max is null or c.used + c.held + p_quantity <= w.max) into v_room
    from unnest(p_windows, p_starts, p_limits) as w ("window", window_start, max)
    join usage_counters c
      on c.customer_id = p_customer_id and c.meter_key = p_meter
     and c."window" = w."window" and c.window_start = w.window_start;

    if v_room then
      -- The same key raced from another window (a retry over midnight): its unique key makes this one fail,
      -- and the caller asks again and is told `replayed`.
      insert into reservations (customer_id, id, key, user_id, meter_key, quantity, windows, window_starts,
                                state, created_at, expires_at)
      values (p_customer_id, p_reservation_id, p_key, p_user_id, p_meter, p_quantity, p_windows, p_starts,
              'held', p_now, p_expires_at);
      perform add_usage(p_customer_id, p_meter, p_windows, p_starts, 0, p_quantity);
      outcome := 'held';
      reservation_id := p_reservation_id;
      reservation_state := 'held';
    else
      outcome := 'denied';
    end if;
  end if;

  select jsonb_agg(jsonb_build_object('window', w."window", 'used', c.used, 'held', c.held) order by w.position)
    into counters
  from unnest(p_windows, p_starts) with ordinality as w ("window", window_start, position)
  join usage_counters c
    on c.customer_id = p_customer_id and c.meter_key = p_meter
   and c."window" = w."window" and c.window_start = w.window_start;
  return next;
end $$;

-- Settles a hold with what was really used. A hold that expired meanwhile is posted all the same: the work was done.
--   committed  now, or before (a repeated call changes nothing)
--   released   the hold was given back before; nothing is posted
--   unknown    no such reservation of this customer
create function commit_reservation(
  p_customer_id uuid, p_reservation_id uuid, p_event_id uuid,
  p_quantity bigint, p_details jsonb, p_now timestamptz
) returns text language plpgsql as $$
declare
  v_reservation reservations%rowtype;
begin
  select * into v_reservation from reservations r
   where r.customer_id = p_customer_id and r.id = p_reservation_id for update;
  if not found then return 'unknown'; end if;
  if v_reservation.state in ('committed', 'released') then return v_reservation.state::text; end if;

  perform add_usage(p_customer_id, v_reservation.meter_key, v_reservation.windows, v_reservation.window_starts,
                    p_quantity, case when v_reservation.state = 'held' then -v_reservation.quantity else 0 end);
  insert into usage_events (customer_id, id, reservation_id, user_id, meter_key, quantity, details, occurred_at)
  values (p_customer_id, p_event_id, p_reservation_id, v_reservation.user_id, v_reservation.meter_key,
          p_quantity, p_details, p_now);
  update reservations r set state = 'committed', settled_at = p_now
   where r.customer_id = p_customer_id and r.id = p_reservation_id;
  return 'committed';
end $$;

-- Gives a hold back. p_state says why: `released` by the caller, `expired` by the janitor.
-- Returns the state the reservation is in afterwards, or `unknown`.
create function release_reservation(
  p_customer_id uuid, p_reservation_id uuid, p_state reservation_state, p_now timestamptz
) returns text language plpgsql as $$
declare
  v_reservation reservations%rowtype;
begin
  select * into v_reservation from reservations r
   where r.customer_id = p_customer_id and r.id = p_reservation_id for update;
  if not found then return 'unknown'; end if;
  if v_reservation.state <> 'held' then return v_reservation.state::text; end if;

  perform add_usage(p_customer_id, v_reservation.meter_key, v_reservation.windows, v_reservation.window_starts,
                    0, -v_reservation.quantity);
  update reservations r set state = p_state, settled_at = p_now
   where r.customer_id = p_customer_id and r.id = p_reservation_id;
  return p_state::text;
end $$;
