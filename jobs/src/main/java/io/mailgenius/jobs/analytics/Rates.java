package io.mailgenius.jobs.analytics;

/**
 * Shares of contacts, from 0 to 1; of nothing, 0. This is the only place that says what is divided
 * by what.
 *
 * @param delivery delivered of those whose server answered for good, delivered or bounced
 * @param bounce bounced of the same
 * @param open opened of delivered
 * @param click clicked of delivered
 * @param clickToOpen clicked of opened
 * @param complaint complained of delivered
 * @param unsubscribe unsubscribed of delivered
 */
public record Rates(
        double delivery,
        double bounce,
        double open,
        double click,
        double clickToOpen,
        double complaint,
        double unsubscribe) {

    static Rates of(Figures figures) {
        long answered = figures.delivered() + figures.bounced();
        long delivered = figures.delivered();
        return new Rates(
                share(delivered, answered),
                share(figures.bounced(), answered),
                share(figures.opened(), delivered),
                share(figures.clicked(), delivered),
                share(figures.clicked(), figures.opened()),
                share(figures.complained(), delivered),
                share(figures.unsubscribed(), delivered));
    }

    /** In shares: 0.02 is two points of a hundred more. */
    Rates minus(Rates other) {
        return new Rates(
                delivery - other.delivery,
                bounce - other.bounce,
                open - other.open,
                click - other.click,
                clickToOpen - other.clickToOpen,
                complaint - other.complaint,
                unsubscribe - other.unsubscribe);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
