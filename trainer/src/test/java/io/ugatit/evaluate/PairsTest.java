package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import org.junit.jupiter.api.Test;

class PairsTest {

    @Test
    void namesAreComparedWithoutTheirExtensions() {
        assertThat(Pairs.withoutExtension("a/b.c/x.jpg")).isEqualTo("a/b.c/x");
        assertThat(Pairs.withoutExtension("a/b.c/x")).isEqualTo("a/b.c/x");
        assertThat(Pairs.withoutExtension("a/.x")).isEqualTo("a/.x");
        assertThat(Pairs.withoutExtension("x.tar.png")).isEqualTo("x.tar");
    }

    @Test
    void withoutPairsNobodyHasAPartner() {
        assertThat(Pairs.none().partner(Domain.A, 3)).isNegative();
        assertThat(new Pairs(new long[] {-1, 4}, new long[] {-1, -1, -1, -1, 1}).partner(Domain.B, 4)).isEqualTo(1);
    }
}
