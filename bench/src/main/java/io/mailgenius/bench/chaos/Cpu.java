package io.mailgenius.bench.chaos;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * Seconds of CPU that the nodes, PostgreSQL and this process used. It excludes processes that have
 * ended.
 */
record Cpu(double node, double postgres, double sender) {

    static Cpu now(ChaosDatabase database, Members members) {
        double nodes =
                members.all().stream().mapToDouble(it -> seconds(it.process().toHandle())).sum();
        double postgres =
                database.process().stream()
                        .flatMap(it -> Stream.concat(Stream.of(it), it.descendants()))
                        .mapToDouble(Cpu::seconds)
                        .sum();
        return new Cpu(nodes, postgres, seconds(ProcessHandle.current()));
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    Cpu minus(Cpu before) {
        return new Cpu(node - before.node, postgres - before.postgres, sender - before.sender);
    }
}
