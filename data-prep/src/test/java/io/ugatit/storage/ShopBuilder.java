package io.ugatit.storage;

import java.io.IOException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Path;

/** Begins objects of a {@link ShopFileSystem}, some only if there is none when they are closed. */
public final class ShopBuilder extends FSDataOutputStreamBuilder<FSDataOutputStream, ShopBuilder> {
    private final ShopFileSystem shop;

    ShopBuilder(ShopFileSystem shop, Path path) {
        super(shop, path);
        this.shop = shop;
        create();
    }

    @Override
    public ShopBuilder getThisBuilder() {
        return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
        boolean onlyIfAbsent = getOptions().getBoolean(ShopFileSystem.CONDITIONAL, false);
        if (getMandatoryKeys().contains(ShopFileSystem.CONDITIONAL) && !shop.hasPathCapability(getPath(), ShopFileSystem.CONDITIONAL)) {
            throw new IllegalArgumentException("the store cannot make an object only if there is none");
        }
        return shop.begin(getPath(), getFlags().contains(CreateFlag.OVERWRITE), onlyIfAbsent);
    }
}
