package io.ugatit.weights.torch;

import io.ugatit.job.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the data of a pickle and runs nothing: of Python's opcodes those that describe dictionaries, lists, tuples, strings, numbers and
 * tensors, of Python's names those of {@link TorchName}. Dictionaries become maps (keys: strings, whole numbers, truth values), lists
 * become lists, tuples arrays, whole numbers Long, and what persistent ids stand for {@link TorchStorage}. The opcodes are those of
 * CPython's {@code pickletools}, protocols 2 to 5.
 */
final class PickleReader {
    /** Each takes memory; the six networks need some 15,000. */
    private static final int MOST_VALUES = 500_000;

    private final PickleBytes in;
    private final TorchObjects objects = new TorchObjects();
    private final List<Object> stack = new ArrayList<>();
    /** How high the stack was at each mark that is still open. */
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int values;

    private PickleReader(byte[] pickle) {
        this.in = new PickleBytes(pickle);
    }

    /**
     * The value that a pickle describes.
     *
     * @throws InvalidRequestException if it is cut short, has other opcodes or names, or more than half a million values; the message is
     *     one line, without the file's name
     */
    static Object read(byte[] pickle) {
        return new PickleReader(pickle).run();
    }

    private Object run() {
        while (true) {
            int opcode = in.unsignedByte();
            switch (opcode) {
                case '.' -> {
                    Object result = pop();
                    if (!stack.isEmpty()) {
                        throw new InvalidRequestException("the pickle ends with " + stack.size() + " values too many");
                    }
                    return result;
                }
                case 0x80 -> requireProtocol(in.unsignedByte());
                case 0x95 -> in.requireLeft(in.longWord()); // a frame: only a hint for readers of streams
                case '(' -> mark();
                case 'N' -> push(null);
                case 0x88 -> push(true);
                case 0x89 -> push(false);
                case 'K' -> push((long) in.unsignedByte());
                case 'M' -> push((long) in.unsignedShort());
                case 'J' -> push((long) in.intWord());
                case 0x8a -> push(in.longOf(in.unsignedByte()));
                case 'G' -> push(in.bigEndianDouble());
                case 'X' -> push(in.text(in.unsignedInt()));
                case 0x8c -> push(in.text(in.unsignedByte()));
                case 0x8d -> push(in.text(in.longWord()));
                case '}' -> push(new LinkedHashMap<Object, Object>());
                case ']' -> push(new ArrayList<>());
                case ')' -> push(new Object[0]);
                case 't' -> push(popToMark().toArray());
                case 0x85 -> push(popTuple(1));
                case 0x86 -> push(popTuple(2));
                case 0x87 -> push(popTuple(3));
                case 'a' -> {
                    Object item = pop();
                    list().add(item);
                }
                case 'e' -> {
                    List<Object> items = popToMark();
                    list().addAll(items);
                }
                case 's' -> {
                    Object value = pop();
                    Object key = pop();
                    dictionary().put(key(key), value);
                }
                case 'u' -> putAll(popToMark());
                case 'q' -> remember(in.unsignedByte());
                case 'r' -> remember(in.unsignedInt());
                case 0x94 -> remember(memo.size());
                case 'h' -> push(recall(in.unsignedByte()));
                case 'j' -> push(recall(in.unsignedInt()));
                case 'c' -> push(objects.named(in.line(), in.line()));
                case 0x93 -> {
                    Object name = pop();
                    Object module = pop();
                    push(objects.named(string(module), string(name)));
                }
                case 'R' -> {
                    Object arguments = pop();
                    push(objects.call(pop(), arguments));
                }
                case 'Q' -> push(objects.persistent(pop()));
                case 'b' -> { // an OrderedDict's attributes, of which state_dict() has _metadata
                    pop();
                    dictionary();
                }
                default -> throw new InvalidRequestException(String.format("the pickle has opcode 0x%02x at byte %d, which a state_dict does not"
                        + " need: nothing of it is run", opcode, in.position() - 1));
            }
        }
    }

    private static void requireProtocol(int protocol) {
        if (protocol < 2 || protocol > 5) {
            throw new InvalidRequestException("the pickle is of protocol " + protocol + ", expected 2 to 5");
        }
    }

    private void push(Object value) {
        if (++values > MOST_VALUES) {
            throw new InvalidRequestException("the pickle has more than " + MOST_VALUES + " values");
        }
        stack.add(value);
    }

    /** Begins a group; open ones take memory too. */
    private void mark() {
        if (marks.size() == MOST_VALUES) {
            throw new InvalidRequestException("the pickle has more than " + MOST_VALUES + " groups in each other");
        }
        marks.add(stack.size());
    }

    private Object pop() {
        int open = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        if (stack.size() <= open) {
            throw new InvalidRequestException("the pickle takes a value at byte " + (in.position() - 1) + " where there is none");
        }
        return stack.remove(stack.size() - 1);
    }

    private Object top() {
        Object top = pop();
        stack.add(top);
        return top;
    }

    private Object[] popTuple(int count) {
        Object[] tuple = new Object[count];
        for (int i = count - 1; i >= 0; i--) {
            tuple[i] = pop();
        }
        return tuple;
    }

    private List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw new InvalidRequestException("the pickle closes a group at byte " + (in.position() - 1) + " that was never opened");
        }
        List<Object> group = stack.subList(marks.remove(marks.size() - 1), stack.size());
        List<Object> items = new ArrayList<>(group);
        group.clear();
        return items;
    }

    private void putAll(List<Object> items) {
        if (items.size() % 2 != 0) {
            throw new InvalidRequestException("the pickle has a key without a value at byte " + (in.position() - 1));
        }
        Map<Object, Object> dictionary = dictionary();
        for (int i = 0; i < items.size(); i += 2) {
            dictionary.put(key(items.get(i)), items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked")
    private Map<Object, Object> dictionary() {
        if (!(top() instanceof Map<?, ?> map)) {
            throw new InvalidRequestException("the pickle treats what is no dictionary as one, at byte " + (in.position() - 1));
        }
        return (Map<Object, Object>) map;
    }

    @SuppressWarnings("unchecked")
    private List<Object> list() {
        if (!(top() instanceof List<?> list)) {
            throw new InvalidRequestException("the pickle treats what is no list as one, at byte " + (in.position() - 1));
        }
        return (List<Object>) list;
    }

    private Object key(Object key) {
        if (key instanceof String || key instanceof Long || key instanceof Boolean) {
            return key;
        }
        throw new InvalidRequestException("the pickle has a dictionary key at byte " + (in.position() - 1)
                + " that is neither text nor a whole number");
    }

    private static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new InvalidRequestException("the pickle names something of Python by what is no text");
    }

    private void remember(long index) {
        if (index < 0 || index > MOST_VALUES) {
            throw new InvalidRequestException("the pickle remembers a value under number " + index + ", more than it can have");
        }
        memo.put((int) index, top());
    }

    private Object recall(long index) {
        if (index < 0 || index > MOST_VALUES || !memo.containsKey((int) index)) {
            throw new InvalidRequestException("the pickle refers to value " + index + ", which it has not got");
        }
        return memo.get((int) index);
    }
}
