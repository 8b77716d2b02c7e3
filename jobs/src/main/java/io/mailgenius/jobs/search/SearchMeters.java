package io.mailgenius.jobs.search;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Gauges of the contact indexes of this node. */
@Component
@Profile("api")
final class SearchMeters implements MeterBinder {

    private final SegmentIndexes indexes;

    SearchMeters(SegmentIndexes indexes) {
        this.indexes = indexes;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("mailgenius.search.indexes", indexes::size)
                .description("Workspaces with a contact index on this node")
                .register(meters);
        Gauge.builder("mailgenius.search.index.bytes", indexes::bytes)
                .description("Heap that the contact indexes of this node take")
                .register(meters);
        Gauge.builder("mailgenius.search.index.age.seconds", indexes::age)
                .description("How long ago the contact index that is furthest behind was current")
                .register(meters);
    }
}
