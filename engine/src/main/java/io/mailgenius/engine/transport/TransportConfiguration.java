package io.mailgenius.engine.transport;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.mailgenius.engine.EngineSettings;
import java.util.Objects;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.redis.inbound.RedisInboundChannelAdapter;
import org.springframework.integration.redis.outbound.RedisPublishingMessageHandler;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class TransportConfiguration {

    /**
     * While Redis is away a command fails at once instead of queueing up: the ledger is asked then.
     */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return (ClientOptions.Builder options) ->
                options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    Lanes lanes(LettuceConnectionFactory redis, EngineSettings settings) {
        return new Lanes(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace());
    }

    @Bean
    Doorbell doorbell() {
        return new Doorbell();
    }

    @Bean
    Answers answers(JsonMapper json) {
        return new Answers(json);
    }

    @Bean
    RedisPublishingMessageHandler answerPublisher(
            LettuceConnectionFactory redis, EngineSettings settings) {
        RedisPublishingMessageHandler publisher = new RedisPublishingMessageHandler(redis);
        publisher.setTopic(topic(settings));
        return publisher;
    }

    @Bean
    AnswerSender answerSender(RedisPublishingMessageHandler answerPublisher, Answers answers) {
        return new AnswerSender(answerPublisher, answers);
    }

    /** The manager's half of remote chunking: an answer rings for whoever waits for its job. */
    @Bean
    IntegrationFlow answersFlow(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            Answers answers,
            Doorbell doorbell) {
        RedisInboundChannelAdapter inbound = new RedisInboundChannelAdapter(redis);
        inbound.setTopics(topic(settings));
        return IntegrationFlow.from(inbound)
                .transform(String.class, answers::decode)
                .handle(
                        ChunkResponse.class,
                        (response, headers) -> {
                            doorbell.ring(response.getJobInstanceId());
                            return null;
                        })
                .get();
    }

    private static String topic(EngineSettings settings) {
        return settings.namespace() + ":answers";
    }
}
