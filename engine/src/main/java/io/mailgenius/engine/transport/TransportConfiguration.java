package io.mailgenius.engine.transport;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.redis.inbound.RedisInboundChannelAdapter;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class TransportConfiguration {

    /**
     * Commands fail immediately while Redis is unavailable, instead of being queued, because
     * workers poll the ledger then. TCP keepalive is on because a connection that only subscribes
     * would not detect that the other end is gone.
     */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return (ClientOptions.Builder options) ->
                options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(Duration.ofSeconds(3))
                                        .keepAlive(
                                                KeepAliveOptions.builder()
                                                        .enable()
                                                        .idle(Duration.ofSeconds(3))
                                                        .interval(Duration.ofSeconds(2))
                                                        .count(3)
                                                        .build())
                                        .build());
    }

    @Bean
    JobQueues jobQueues(LettuceConnectionFactory redis, EngineSettings settings) {
        return new JobQueues(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace());
    }

    @Bean
    CompletionNotifier completionNotifier() {
        return new CompletionNotifier();
    }

    @Bean
    ChunkResponses chunkResponses(JsonMapper json) {
        return new ChunkResponses(json);
    }

    @Bean
    ChunkResponseSender chunkResponseSender(
            JobQueues queues, ChunkResponses chunkResponses, EngineSettings settings) {
        return new ChunkResponseSender(queues, chunkResponses, topic(settings));
    }

    /** By default the adapter starts a new thread for each message. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService responsesThread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("response-receiver").daemon().factory());
    }

    /**
     * The manager's half of remote chunking: a response notifies the threads that wait for its job.
     */
    @Bean
    IntegrationFlow responsesFlow(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            ExecutorService responsesThread,
            ChunkResponses chunkResponses,
            CompletionNotifier notifier) {
        RedisInboundChannelAdapter inbound = new RedisInboundChannelAdapter(redis);
        inbound.setTaskExecutor(responsesThread);
        inbound.setAutoStartup(settings.has(Role.MANAGER));
        inbound.setTopics(topic(settings));
        return IntegrationFlow.from(inbound)
                .handle(
                        String.class,
                        (message, headers) -> {
                            notifier.completed(
                                    chunkResponses.decode(message).stream()
                                            .map(ChunkResponse::getJobInstanceId)
                                            .collect(Collectors.toSet()));
                            return null;
                        })
                .get();
    }

    private static String topic(EngineSettings settings) {
        return settings.namespace() + ":answers";
    }
}
