package io.mailgenius.engine.tenancy;

import java.io.Serial;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The programmatic form of {@link AutocommitRead}. With a transaction manager other than {@link
 * WorkspaceTransactionManager} it is an ordinary read-only transaction.
 */
public final class AutocommitReadTemplate extends TransactionTemplate {

    @Serial private static final long serialVersionUID = 1L;

    public AutocommitReadTemplate(PlatformTransactionManager transactions) {
        super(transactions);
        setReadOnly(true);
    }
}
