package io.mailgenius.api.console;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.nodes.OperatingWorkspace;
import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.NavigationEntry;
import io.mailgenius.console.host.Place;
import io.mailgenius.console.host.Right;
import io.mailgenius.console.host.Section;
import io.mailgenius.console.host.ServiceState;
import io.mailgenius.console.host.ServiceState.Health;
import io.mailgenius.console.host.Viewer;
import io.mailgenius.jobs.providers.sandbox.Sandbox;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** What the console shows of this node besides jobs and nodes: its people, and its own pages. */
@Component
class NodeConsole implements ConsoleHost {

    /** A page of the navigation and the permission that it needs; null for everybody. */
    private record Entry(NavigationEntry page, @Nullable String permission) {}

    private static final List<Entry> PAGES =
            List.of(
                    entry("overview", "/", "o", null),
                    entry("imports", "/imports", "i", "imports:read"),
                    entry("campaigns", "/campaigns", "c", "campaigns:read"),
                    entry("jobs", "/jobs", "j", "jobs:read"),
                    entry("queues", "/queues", "q", "jobs:read"),
                    entry("nodes", "/nodes", "n", "nodes:read"),
                    entry("sandbox", "/sandbox", "s", "sandbox:read"),
                    entry("api", "/swagger-ui.html", null, null));

    private final FiguresOfMonth figures;
    private final ObjectProvider<Sandbox> sandbox;
    private final OperatingWorkspace operating;

    NodeConsole(
            FiguresOfMonth figures, ObjectProvider<Sandbox> sandbox, OperatingWorkspace operating) {
        this.figures = figures;
        this.sandbox = sandbox;
        this.operating = operating;
    }

    private static Entry entry(
            String id, String path, @Nullable String shortcut, @Nullable String permission) {
        return new Entry(new NavigationEntry(id, "nav." + id, path, shortcut), permission);
    }

    @Override
    public String name() {
        return "MailGenius";
    }

    @Override
    public @Nullable Viewer viewer(HttpServletRequest request) {
        return Caller.present()
                .map(
                        caller ->
                                new Viewer(
                                        caller.name(),
                                        rights(caller),
                                        "/account",
                                        "/sign-out",
                                        null,
                                        null))
                .orElse(null);
    }

    private Set<Right> rights(Caller caller) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            if (caller.may(permission(right))
                    && (right != Right.OPERATE_NODES || operating.isCurrent())) {
                rights.add(right);
            }
        }
        return rights;
    }

    private static String permission(Right right) {
        return switch (right) {
            case SEE_JOBS -> "jobs:read";
            case OPERATE_JOBS -> "jobs:operate";
            case SEE_NODES -> "nodes:read";
            case OPERATE_NODES -> "nodes:operate";
        };
    }

    /** The permissions are checked by the access rules. */
    @Override
    public void require(Right right) {
        switch (right) {
            case OPERATE_NODES -> operating.require();
            case SEE_JOBS, OPERATE_JOBS, SEE_NODES -> {}
        }
    }

    @Override
    public List<NavigationEntry> navigation(@Nullable Viewer viewer) {
        Optional<Caller> caller = Caller.present();
        return PAGES.stream()
                .filter(
                        it ->
                                it.permission() == null
                                        || caller.isEmpty()
                                        || caller.get().may(it.permission()))
                .map(Entry::page)
                .toList();
    }

    @Override
    public String apiUrl(HttpServletRequest request) {
        return ServletUriComponentsBuilder.fromRequestUri(request)
                .replacePath("/api/v1")
                .replaceQuery(null)
                .toUriString();
    }

    @Override
    public List<Section> sections(Place place, Viewer viewer) {
        return switch (place) {
            case OVERVIEW_TOP -> List.of();
            case OVERVIEW ->
                    Caller.current().may("analytics:read") ? List.of(figures.section()) : List.of();
        };
    }

    @Override
    public List<ServiceState> services() {
        boolean sandboxed = sandbox.getIfAvailable() != null;
        return List.of(
                new ServiceState(
                        sandboxed ? "Sandbox" : "Resend",
                        sandboxed ? Health.GOOD : Health.UNKNOWN,
                        ""));
    }
}
