package io.mailgenius.bench.chaos;

import io.mailgenius.bench.verify.LedgerSnapshot;
import java.util.List;

/** The possible targets of a fault, such that another node of the same role is spared. */
final class Victims {

    private final Members members;

    Victims(Members members) {
        this.members = members;
    }

    /** Targets with work in hand; empty if no node would be spared, or the job does not run. */
    List<Member> of(FaultKind kind, LedgerSnapshot ledgerSnapshot) {
        return switch (kind.target()) {
            case WORKER ->
                    othersThere(Members.WORKER).stream()
                            .filter(it -> !ledgerSnapshot.inHandOf(it.pid()).isEmpty())
                            .toList();
            case MANAGER ->
                    othersThere(Members.MANAGER).stream()
                            .filter(it -> !ledgerSnapshot.runBy(it.pid()).isEmpty())
                            .toList();
            case STORE -> throw new IllegalArgumentException("Not a fault of a node: " + kind);
        };
    }

    private List<Member> othersThere(String roles) {
        List<Member> up = members.up(roles);
        return up.size() < 2 ? List.of() : up;
    }
}
