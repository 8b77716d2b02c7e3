package io.mailgenius.api.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Which paths are let in. Spring Security refuses slashes, backslashes and percent signs that are
 * encoded in a path, since some servers decode twice. An address may have each of them, so the one
 * path that ends with an address takes them. Which methods a path takes is Spring MVC's to say.
 */
@Configuration(proxyBeanMethods = false)
public class Firewall {

    /** The last step of the path is an address, and nothing behind it reads the path again. */
    private static final String WITH_ADDRESS = "/api/v1/suppressions/";

    @Bean
    HttpFirewall httpFirewall() {
        return new ByPath(strict(), admittingAddresses());
    }

    /** Tomcat would refuse such a path before; here it leaves it as it came. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedAddresses() {
        String asItCame = EncodedSolidusHandling.PASS_THROUGH.getValue();
        return factory ->
                factory.addConnectorCustomizers(
                        connector -> {
                            connector.setEncodedSolidusHandling(asItCame);
                            connector.setEncodedReverseSolidusHandling(asItCame);
                        });
    }

    private static StrictHttpFirewall strict() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    private static StrictHttpFirewall admittingAddresses() {
        StrictHttpFirewall firewall = strict();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowSemicolon(true);
        return firewall;
    }

    private record ByPath(HttpFirewall usual, HttpFirewall withAddress) implements HttpFirewall {

        @Override
        public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
            boolean address = request.getRequestURI().startsWith(WITH_ADDRESS);
            return (address ? withAddress : usual).getFirewalledRequest(request);
        }

        @Override
        public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
            return usual.getFirewalledResponse(response);
        }
    }
}
