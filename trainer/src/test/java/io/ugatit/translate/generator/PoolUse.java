package io.ugatit.translate.generator;

/** What this process's pool of translators holds; tests elsewhere may ask. */
public final class PoolUse {
    private PoolUse() { }

    /** Generators whose parameters are held. */
    public static int generators() {
        return TranslatorPool.SHARED.generators();
    }

    /** Translators that tasks have and have not given back. */
    public static int borrowed() {
        return TranslatorPool.SHARED.borrowed();
    }
}
