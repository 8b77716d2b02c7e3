package io.mailgenius.engine.worker;

import io.mailgenius.engine.cluster.Heartbeat;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.transport.ChunkResponseSender;
import io.mailgenius.engine.transport.JobQueues;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.batch.integration.chunk.ChunkRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean
    ChunkWorker chunkWorker(
            ObjectProvider<ChunkWork> works,
            Ledger ledger,
            ControlDatabase control,
            PlatformTransactionManager transactions,
            JsonMapper json,
            EngineSettings settings,
            JobObservation observation,
            Clock clock) {
        return new ChunkWorker(
                works.stream().toList(),
                ledger,
                new Ledger(control.jdbc(), json),
                transactions,
                json,
                settings,
                observation,
                clock);
    }

    @Bean
    Dispatcher dispatcher(
            EngineSettings settings,
            NodeId node,
            ControlDatabase control,
            JsonMapper json,
            ChunkWorker worker,
            JobQueues queues,
            RoundMonitor monitor,
            Clock clock) {
        return new Dispatcher(
                settings,
                node,
                new Ledger(control.jdbc(), json),
                new ReadyChunks(control.jdbc()),
                worker,
                queues,
                monitor,
                clock);
    }

    /**
     * Has one thread per claimed chunk, because each waits for its slot and slots are not granted
     * in the order of the claims. {@link WorkerLifecycle} shuts it down after the claimed chunks
     * have finished.
     */
    @Bean(destroyMethod = "")
    ExecutorService chunkThreads() {
        return Executors.newCachedThreadPool(Thread.ofPlatform().name("chunk-", 1).factory());
    }

    @Bean
    WorkerLifecycle worker(
            Dispatcher dispatcher,
            ExecutorService chunkThreads,
            EngineSettings settings,
            Nodes nodes,
            NodeId node) {
        return new WorkerLifecycle(dispatcher, chunkThreads, settings, nodes, node);
    }

    /** The worker's half of remote chunking: queues, dispatcher, chunk worker, responses. */
    @Bean
    IntegrationFlow chunksFlow(
            Dispatcher dispatcher,
            ExecutorService chunkThreads,
            ChunkWorker worker,
            ChunkResponseSender responses) {
        return IntegrationFlow.from(dispatcher)
                .channel(channels -> channels.executor(chunkThreads))
                .<ChunkRequest<Claim>>handle(
                        (request, headers) ->
                                worker.handle(
                                        request,
                                        headers.get(JobObservation.TRACE_PARENT, String.class)))
                .handle(
                        (response, headers) -> {
                            dispatcher.answered();
                            return response;
                        })
                .handle(responses)
                .get();
    }

    @Bean
    Heartbeat heartbeat(
            EngineSettings settings,
            NodeId node,
            Nodes nodes,
            ControlDatabase control,
            JsonMapper json,
            ChunkWorker worker,
            RoundMonitor monitor,
            ClockOffset offset,
            Clock clock) {
        return new Heartbeat(
                settings,
                node,
                nodes,
                new Ledger(control.jdbc(), json),
                worker,
                monitor,
                offset,
                clock);
    }
}
