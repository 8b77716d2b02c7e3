package io.mailgenius.engine.launching;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Triggers the scheduler of this node, if it runs one, when a task is due, so that it need not wait
 * for its next poll. Other nodes find the task at their next poll.
 */
final class DueSignal {

    private volatile Runnable scheduler = () -> {};

    void connect(Runnable checksForDueTasks) {
        scheduler = checksForDueTasks;
    }

    void send() {
        scheduler.run();
    }

    /** Triggers the scheduler after the caller's transaction has committed. */
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
