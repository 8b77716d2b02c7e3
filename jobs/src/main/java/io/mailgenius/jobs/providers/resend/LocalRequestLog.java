package io.mailgenius.jobs.providers.resend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The requests of one node, in its memory. */
final class LocalRequestLog implements RequestLog {

    private static final class Request {
        private long departs;

        private Request(long departs) {
            this.departs = departs;
        }
    }

    private final Supplier<RateLimit> limit;
    private final LongSupplier nanos;
    private final List<Request> requests = new ArrayList<>();
    private long nextSlot;
    private long heldUntil;
    private long urgentUntil;

    /**
     * @param limit may change from call to call
     */
    LocalRequestLog(Supplier<RateLimit> limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
        this.nextSlot = now();
        this.heldUntil = now();
        this.urgentUntil = now();
    }

    private long now() {
        return Math.floorDiv(nanos.getAsLong(), 1000L);
    }

    @Override
    public synchronized Slot reserve(Duration patience) {
        long now = now();
        if (heldUntil > now) {
            return new Slot.Later(RateLimit.duration(heldUntil - now));
        }
        long slot = Math.max(nextSlot, now);
        Duration in = RateLimit.duration(slot - now);
        if (in.compareTo(patience) > 0) {
            return new Slot.Later(in);
        }
        nextSlot = slot + limit.get().spacingMicros();
        return new Slot.Reserved(in);
    }

    @Override
    public synchronized void release() {
        nextSlot -= limit.get().spacingMicros();
    }

    @Override
    public Departure depart() {
        return depart(false);
    }

    @Override
    public Departure departUrgently() {
        return depart(true);
    }

    private synchronized Departure depart(boolean urgent) {
        long now = now();
        if (heldUntil > now) {
            return new Departure.Later(RateLimit.duration(heldUntil - now));
        }
        RateLimit current = limit.get();
        long window = current.windowMicros();
        requests.removeIf(it -> it.departs <= now - window);
        if (urgent) {
            urgentUntil = now + URGENT_MILLIS * 1_000;
        }
        int most = urgent || urgentUntil <= now ? current.most() : current.mostBesideUrgent();
        if (requests.size() >= most) {
            long left = oldestOf(most);
            if (left > now) {
                left = Math.max(left - UNREPORTED_MICROS, now + RETRY_MICROS - window);
            }
            return new Departure.Later(RateLimit.duration(left + window - now));
        }
        Request request = new Request(now + UNREPORTED_MICROS);
        requests.add(request);
        return new Departure.Now(() -> written(request));
    }

    private long oldestOf(int most) {
        return requests.stream()
                .mapToLong(it -> it.departs)
                .sorted()
                .skip(requests.size() - (long) most)
                .findFirst()
                .orElseThrow();
    }

    private synchronized void written(Request request) {
        request.departs = now();
    }

    @Override
    public synchronized void hold(Duration pause) {
        heldUntil = Math.max(heldUntil, now() + RateLimit.micros(pause));
    }
}
