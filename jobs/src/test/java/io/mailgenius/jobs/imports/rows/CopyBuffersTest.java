package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyBuffersTest {

    private final CopyBuffers buffers = new CopyBuffers();

    @Test
    void what_comes_back_while_another_is_in_hand_is_lent_again_and_is_empty() {
        CopyBuffer one = buffers.lend(100);
        CopyBuffer other = buffers.lend(100);
        assertThat(other).isNotSameAs(one);
        one.ascii("a row");
        buffers.giveBack(one);

        CopyBuffer again = buffers.lend(100);
        assertThat(again).isSameAs(one);
        assertThat(again.length()).isZero();
    }

    @Test
    void with_the_last_all_are_let_go() {
        CopyBuffer one = buffers.lend(100);
        CopyBuffer other = buffers.lend(100);
        buffers.giveBack(one);
        buffers.giveBack(other);

        assertThat(buffers.lend(100)).isNotSameAs(one).isNotSameAs(other);
    }
}
