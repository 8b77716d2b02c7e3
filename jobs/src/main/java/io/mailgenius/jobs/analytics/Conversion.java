package io.mailgenius.jobs.analytics;

import java.math.BigDecimal;
import java.util.List;

/**
 * Activities of one name that followed a click on a campaign.
 *
 * @param name of the activities
 * @param conversions how many there were
 * @param contacts how many contacts they are of
 * @param revenue the sums of their values, one for each currency
 */
public record Conversion(String name, long conversions, long contacts, List<Revenue> revenue) {

    /**
     * @param conversions those with a value in this currency
     */
    public record Revenue(String currency, BigDecimal value, long conversions) {}
}
