package io.mailgenius.engine.tenancy;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.transaction.annotation.Transactional;

/**
 * Short reads for requests: each statement commits by itself, which saves the round trips of BEGIN
 * and COMMIT. At read committed isolation each statement has its own snapshot anyway. The number of
 * concurrent reads is limited, see {@link ReadPermits}.
 *
 * <p>Nothing lasts longer than one statement: no cursor, no row lock, no local setting. What needs
 * one of these uses {@code @Transactional(readOnly = true)}, which is an ordinary read-only
 * transaction. Within another transaction the statements belong to that one.
 *
 * @see AutocommitReadTemplate
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Transactional(readOnly = true, label = AutocommitRead.LABEL)
public @interface AutocommitRead {

    /** The label by which {@link WorkspaceTransactionManager} recognises such a read. */
    String LABEL = "autocommit-read";
}
