package io.mailgenius.engine.launching;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells this node's scheduler, if it has one, that something is due, so that it need not wait for
 * its next poll. Other nodes find it at theirs.
 */
final class DueSignal {

    private volatile Runnable scheduler = () -> {};

    void connect(Runnable checksForDueTasks) {
        scheduler = checksForDueTasks;
    }

    void send() {
        scheduler.run();
    }

    /** When what the caller's transaction has written can be seen. */
    void sendAfterCommit() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            send();
                        }
                    });
        } else {
            send();
        }
    }
}
