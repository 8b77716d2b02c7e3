package io.mailgenius.engine.transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.integration.redis.outbound.RedisPublishingMessageHandler;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessagingException;

/** Sends answers to the managers; one that does not get through is found in the ledger anyway. */
public final class AnswerSender implements MessageHandler {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerSender.class);

    private final RedisPublishingMessageHandler publisher;
    private final Answers answers;

    AnswerSender(RedisPublishingMessageHandler publisher, Answers answers) {
        this.publisher = publisher;
        this.answers = answers;
    }

    @Override
    public void handleMessage(Message<?> message) {
        String text = answers.encode((ChunkResponse) message.getPayload());
        try {
            publisher.handleMessage(MessageBuilder.withPayload(text).build());
        } catch (MessagingException e) {
            LOG.debug("An answer was not sent", e);
        }
    }
}
