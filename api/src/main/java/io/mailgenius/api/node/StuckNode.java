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

/** Takes a node whose loops make no progress out of service, and then ends the process. */
@Configuration(proxyBeanMethods = false)
class StuckNode {

    /** EX_SOFTWARE of sysexits.h. A supervisor should start another node. */
    private static final int EXIT_CODE = 70;

    private static final Duration TO_LEAVE = Duration.ofSeconds(20);

    /** A readiness indicator that names the loops that make no progress. */
    @Bean
    HealthIndicator loopsHealthIndicator(RoundMonitor monitor) {
        return () -> {
            List<String> late = monitor.late();
            return late.isEmpty()
                    ? Health.up().build()
                    : Health.down().withDetail("standingStill", late).build();
        };
    }

    /** Halts, because what blocks the loop may block an orderly shutdown too. */
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
