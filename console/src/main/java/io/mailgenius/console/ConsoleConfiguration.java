package io.mailgenius.console;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.pages.AfterAction;
import io.mailgenius.console.pages.ConsoleLocale;
import io.mailgenius.console.pages.Frames;
import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.templateresolver.SpringResourceTemplateResolver;

/**
 * The console. An application imports this class beside the engine's, provides a {@link
 * ConsoleHost}, and guards the paths.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class ConsoleConfiguration implements WebMvcConfigurer {

    /**
     * Console templates are named {@code console/…}, so that the application's own are not hidden.
     */
    private static final Set<String> TEMPLATES = Set.of("console/*");

    private final ObjectProvider<Frames> frames;
    private final ObjectProvider<LastKnown> known;

    ConsoleConfiguration(ObjectProvider<Frames> frames, ObjectProvider<LastKnown> known) {
        this.frames = frames;
        this.known = known;
    }

    @Bean
    static SpringResourceTemplateResolver consoleTemplates(ApplicationContext context) {
        SpringResourceTemplateResolver templates = new SpringResourceTemplateResolver();
        templates.setApplicationContext(context);
        templates.setPrefix("classpath:/");
        templates.setSuffix(".html");
        templates.setCharacterEncoding(StandardCharsets.UTF_8.name());
        templates.setResolvablePatterns(TEMPLATES);
        templates.setOrder(1);
        return templates;
    }

    /** Texts of the console before those of the application, which the pages that plug in have. */
    @Bean
    static BeanPostProcessor consoleTexts(ApplicationContext context) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof SpringTemplateEngine engine) {
                    engine.setTemplateEngineMessageSource(texts(context));
                }
                return bean;
            }
        };
    }

    private static MessageSource texts(ApplicationContext context) {
        return new Texts(context, ConsoleConfiguration.class.getClassLoader());
    }

    @Bean
    Frames frames(ConsoleHost host, ApplicationContext context, Clock clock) {
        return new Frames(host, texts(context), clock);
    }

    @Bean
    LastKnown lastKnown(Clock clock) {
        return new LastKnown(clock);
    }

    @Bean(DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME)
    @ConditionalOnMissingBean(name = DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME)
    LocaleResolver localeResolver(ConsoleHost host) {
        return new ConsoleLocale(host);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(frames.getObject()).excludePathPatterns("/api/**");
        registry.addInterceptor(new AfterAction(known.getObject())).excludePathPatterns("/api/**");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/static/console/**")
                .addResourceLocations("classpath:/static/console/");
    }
}
