package io.mailgenius.engine.alerts;

import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.settings.EngineSettings;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class AlertsConfiguration {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    @Bean
    AlertSource engineFigures(ControlDatabase control) {
        return new EngineFigures(control.jdbc());
    }

    @Bean
    AlertRules alertRules(JdbcClient jdbc, ObjectProvider<AlertSource> sources) {
        return new AlertRules(jdbc, sources.stream().toList());
    }

    @Bean
    Alerts alerts(JdbcClient jdbc, Clock clock) {
        return new Alerts(jdbc, clock);
    }

    @Bean
    AlertEvaluator alertEvaluator(
            ControlDatabase control,
            ObjectProvider<AlertSource> sources,
            EngineSettings settings,
            Clock clock) {
        return new AlertEvaluator(
                new AlertStore(control.jdbc()),
                control,
                sources.stream().toList(),
                settings.keep(),
                clock);
    }

    @Bean
    AlertNotices alertNotices(
            ControlDatabase control, ObjectProvider<AlertChannel> channels, Clock clock) {
        return new AlertNotices(new AlertStore(control.jdbc()), channels.stream().toList(), clock);
    }

    @Bean
    RecurringWork alertEvaluation(AlertEvaluator evaluator, AlertNotices notices) {
        return new RecurringWork(
                "alerts",
                PAUSE,
                () -> {
                    evaluator.evaluate();
                    notices.deliverDue();
                });
    }
}
