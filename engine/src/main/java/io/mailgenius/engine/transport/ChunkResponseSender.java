package io.mailgenius.engine.transport;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.context.SmartLifecycle;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;

/**
 * Sends chunk responses to the managers. Responses that arrive while a batch is sent form the next
 * batch. The ledger already has the results, so a response that is lost does no harm.
 */
public final class ChunkResponseSender implements MessageHandler, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkResponseSender.class);
    private static final int MAX_BATCH = 500;

    /**
     * The interval between batches: a single response is sent immediately, and responses in quick
     * succession are sent together.
     */
    private static final Duration BATCH_INTERVAL = Duration.ofMillis(5);

    private final JobQueues queues;
    private final ChunkResponses chunkResponses;
    private final String topic;
    private final BlockingQueue<Message<?>> waiting = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;

    ChunkResponseSender(JobQueues queues, ChunkResponses chunkResponses, String topic) {
        this.queues = queues;
        this.chunkResponses = chunkResponses;
        this.topic = topic;
    }

    @Override
    public void handleMessage(Message<?> message) {
        waiting.add(message);
    }

    @Override
    public void start() {
        Thread sending = Thread.ofPlatform().name("response-sender").daemon().unstarted(this::send);
        thread = sending;
        sending.start();
    }

    private void send() {
        while (thread == Thread.currentThread()) {
            try {
                List<Message<?>> messages = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(messages, MAX_BATCH);
                send(messages);
                TimeUnit.NANOSECONDS.sleep(BATCH_INTERVAL.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(List<Message<?>> messages) {
        List<ChunkResponse> responses =
                messages.stream().map(message -> (ChunkResponse) message.getPayload()).toList();
        try {
            queues.sendResponses(topic, chunkResponses.encode(responses));
        } catch (RedisException e) {
            LOG.debug("{} chunk responses were not sent", messages.size(), e);
        }
    }

    @Override
    public void stop() {
        Thread sending = thread;
        thread = null;
        if (sending != null) {
            sending.interrupt();
            try {
                sending.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        List<Message<?>> last = new ArrayList<>();
        waiting.drainTo(last);
        if (!last.isEmpty()) {
            send(last);
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Starts before the first chunk is processed and stops after the last one. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 250;
    }
}
