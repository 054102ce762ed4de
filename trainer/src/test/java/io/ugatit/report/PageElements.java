package io.ugatit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a page's elements of a name hold, in their order. */
public final class PageElements {
    private PageElements() {
    }

    /** The texts in them. */
    public static List<String> texts(Document page, String tag) {
        return all(page, tag, Element::getTextContent);
    }

    /** The values of one of their attributes; empty where it is missing. */
    public static List<String> attributes(Document page, String tag, String name) {
        return all(page, tag, element -> element.getAttribute(name));
    }

    private static List<String> all(Document page, String tag, Function<Element, String> value) {
        List<String> values = new ArrayList<>();
        NodeList found = page.getElementsByTagName(tag);
        for (int i = 0; i < found.getLength(); i++) {
            values.add(value.apply((Element) found.item(i)));
        }
        return values;
    }
}
