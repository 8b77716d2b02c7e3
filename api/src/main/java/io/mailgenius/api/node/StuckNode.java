package io.mailgenius.api.node;

import io.mailgenius.engine.cluster.NodeStuck;
import io.mailgenius.engine.cluster.RoundMonitor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** A node whose loops stand still is taken out of service, and then ends. */
@Configuration(proxyBeanMethods = false)
class StuckNode {

    /** Of sysexits.h: an internal software error. Whatever supervises the node starts another. */
    private static final int EXIT_CODE = 70;

    private static final Duration TO_LEAVE = Duration.ofSeconds(20);

    /** A part of readiness: names the loops that stand still. */
    @Bean
    HealthIndicator loopsHealthIndicator(RoundMonitor monitor) {
        return () -> {
            List<String> late = monitor.late();
            return late.isEmpty()
                    ? Health.up().build()
                    : Health.down().withDetail("standingStill", late).build();
        };
    }

    /** What hangs may hang the orderly end as well. */
    @EventListener
    void end(NodeStuck stuck) {
        Thread.ofPlatform().name("leaving").daemon(false).start(() -> System.exit(EXIT_CODE));
        Thread.ofPlatform()
                .name("halting")
                .daemon()
                .start(
                        () -> {
                            try {
                                TimeUnit.NANOSECONDS.sleep(TO_LEAVE.toNanos());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            Runtime.getRuntime().halt(EXIT_CODE);
                        });
    }
}
