package io.mailgenius.jobs.workspaces;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Announces, after the commit, that somebody may do more or less than before: a key was revoked, a
 * role changed, a workspace suspended. Whoever remembers permissions forgets them then.
 */
@Component
public class AccessChanges {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Runnable toOtherNodes = () -> {};

    /**
     * @param forget what to do when it is announced on this node
     */
    public void listen(Runnable forget) {
        listeners.add(forget);
    }

    /**
     * @param announce tells the other nodes
     */
    public void announceWith(Runnable announce) {
        toOtherNodes = announce;
    }

    /** Announces it at the end of the current transaction, or now outside of any. */
    public void changed() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            announce();
                        }
                    });
        } else {
            announce();
        }
    }

    private void announce() {
        forget();
        toOtherNodes.run();
    }

    /** Forgets on this node alone, upon an announcement of another one. */
    public void forget() {
        listeners.forEach(Runnable::run);
    }
}
