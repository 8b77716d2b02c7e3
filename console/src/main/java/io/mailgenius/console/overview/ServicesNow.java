package io.mailgenius.console.overview;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.ServiceState;
import io.mailgenius.console.host.ServiceState.Health;
import io.mailgenius.console.nodes.KnownNodes;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.NodeView;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeIntake;
import io.mailgenius.schema.NodeState;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** The nodes and what they depend on. */
@Component
class ServicesNow {

    private final ConsoleHost host;
    private final KnownNodes nodes;
    private final RedisProbe redis;

    ServicesNow(ConsoleHost host, KnownNodes nodes, RedisProbe redis) {
        this.host = host;
        this.nodes = nodes;
        this.redis = redis;
    }

    Seen<List<NodeView>> nodes() {
        return nodes.all();
    }

    /**
     * @param late whether PostgreSQL did not answer in time
     */
    List<ServiceState> states(boolean late) {
        List<ServiceState> states = new ArrayList<>();
        states.add(new ServiceState("PostgreSQL", late ? Health.BAD : Health.GOOD, ""));
        states.add(redis.state());
        states.addAll(host.services());
        return states;
    }

    static List<HealthVerdict.Reason> reasons(List<NodeView> nodes, Frame frame) {
        List<HealthVerdict.Reason> reasons = new ArrayList<>();
        for (NodeView node : nodes) {
            if (node.state() == NodeState.DEAD) {
                reasons.add(
                        new HealthVerdict.Reason(
                                true,
                                frame.text("worry.dead", node.id(), frame.ago(node.heartbeatAt())),
                                "/nodes"));
            }
        }
        boolean anyTakes =
                nodes.stream()
                        .anyMatch(
                                it ->
                                        it.roles().contains(Role.WORKER)
                                                && it.state() == NodeState.ALIVE
                                                && it.intake() == NodeIntake.TAKING);
        if (!anyTakes) {
            reasons.add(new HealthVerdict.Reason(true, frame.text("worry.no-worker"), "/nodes"));
        }
        return reasons;
    }
}
