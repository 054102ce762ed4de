package io.ugatit.job;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * Reads a job's options from command-line words into an immutable record, so that names, defaults and documentation of the options stand
 * once: on the record's components.
 *
 * <p>Each component carries {@link Option} (of it are used: names, required, defaultValue, paramLabel, description, negatable, hidden), or
 * {@link Mixin} when it is itself a record of options, whose options then stand beside the others. Component types: String, int, long,
 * double, their boxes, boolean, enums, and
 * {@code List<String>} for an option that takes one word or more. An option that is not given has its default value; without one a boxed type, a String and an
 * enum are null and a boolean is false, while a number must be required or have a default. Enum constants are written in lower case with
 * hyphens and read in any case. A negatable flag {@code --augment} also has {@code --no-augment}.
 *
 * <p>Checks of the values belong into the record's compact constructor, which throws {@link InvalidRequestException}. From a program or a
 * notebook: {@code Options.parse(PrepOptions.class, "--input", "photos", "--output", "dataset")}.
 */
public final class Options {
    /** What {@link Option#defaultValue} holds when it is left out; picocli does not export it. */
    private static final String NO_DEFAULT = "__no_default_value__";

    private Options() {}

    /**
     * Describes a record's options to picocli, for parsing and for the usage text.
     *
     * @param type the record class
     * @throws IllegalArgumentException if a component is not annotated or not of a type that options have: an error in the program
     */
    public static <R extends Record> CommandSpec spec(Class<R> type) {
        CommandSpec spec = CommandSpec.create();
        addOptions(spec, type);
        return spec;
    }

    /**
     * Parses words against a specification, subcommands included.
     *
     * @param spec what {@link #spec} returned, perhaps with more options or subcommands
     * @param args the words after the command's name
     * @throws InvalidRequestException if an option is unknown, missing, given twice or has a value that is not of its type
     */
    public static ParseResult parse(CommandSpec spec, String... args) {
        collectErrors(spec);
        // a path may well begin with '@': it is no file to read more words from
        ParseResult parsed = new CommandLine(spec)
                .setExpandAtFiles(false)
                .setUnmatchedOptionsAllowedAsOptionParameters(false)
                .parseArgs(args);
        ParseErrors.worst(parsed).ifPresent(refusal -> {
            throw new InvalidRequestException(ParseErrors.explain(refusal, List.of(args)), refusal);
        });
        return parsed;
    }

    /** Picocli stops at the first error unless told to, and looks for unknown options last. */
    private static void collectErrors(CommandSpec spec) {
        spec.parser().collectErrors(true);
        spec.subcommands().values().forEach(command -> collectErrors(command.getCommandSpec()));
    }

    /**
     * Parses a job's options, for programs and notebooks.
     *
     * @param type the record class
     * @param args the words as on the command line, without the command
     * @throws InvalidRequestException if an option is wrong, or the record's constructor refuses the values
     */
    public static <R extends Record> R parse(Class<R> type, String... args) {
        return bind(parse(spec(type), args), type);
    }

    /**
     * Makes the record from parsed options.
     *
     * @param parsed the result of parsing with a specification that holds all options of {@code type}
     * @param type the record class
     * @throws InvalidRequestException if the record's constructor refuses the values, or a word may be another than was typed because this
     *     process reads words in the encoding of another locale
     */
    public static <R extends Record> R bind(ParseResult parsed, Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            if (isMixin(components[i])) {
                values[i] = bind(parsed, components[i].getType().asSubclass(Record.class));
                continue;
            }
            String name = option(components[i]).names()[0];
            values[i] = parsed.commandSpec().findOption(name).getValue();
            if (values[i] instanceof String word) {
                NameEncoding.requireWhole(name, word);
            } else if (values[i] instanceof List<?> words) {
                words.forEach(word -> NameEncoding.requireWhole(name, (String) word));
            }
        }
        return construct(type, components, values);
    }

    private static <R extends Record> R construct(Class<R> type, RecordComponent[] components, Object[] values) {
        try {
            Constructor<R> canonical =
                    type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(type.getSimpleName() + " could not be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getSimpleName() + " could not be made", e);
        }
    }

    private static void addOptions(CommandSpec spec, Class<? extends Record> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (isMixin(component)) {
                addOptions(spec, component.getType().asSubclass(Record.class));
            } else {
                spec.addOption(optionSpec(component));
            }
        }
    }

    private static OptionSpec optionSpec(RecordComponent component) {
        Option option = option(component);
        OptionValue value = OptionValue.of(component);
        String defaultValue = option.defaultValue().equals(NO_DEFAULT) ? null : option.defaultValue();
        OptionSpec.Builder builder = OptionSpec.builder(option.names())
                .type(component.getType())
                .converters(value::parse)
                .userObject(value)
                .description(option.description())
                .required(option.required())
                .hidden(option.hidden());
        if (value.isFlag()) {
            // Initial and fallback value: given a default only, picocli reads a flag as the opposite of it.
            builder.arity("0").fallbackValue("true").negatable(option.negatable());
            if (defaultValue != null || component.getType().isPrimitive()) {
                builder.initialValue(Boolean.valueOf(defaultValue));
            }
        } else {
            if (component.getType() == List.class) {
                builder.auxiliaryTypes(String.class);
            }
            builder.arity(component.getType() == List.class ? "1..*" : "1").defaultValue(defaultValue)
                    .paramLabel(option.paramLabel().isEmpty() ? value.label() : option.paramLabel());
            if (component.getType().isPrimitive() && defaultValue == null && !option.required()) {
                throw new IllegalArgumentException(component + " needs a default value, required = true, or a boxed type");
            }
        }
        boolean said = String.join(" ", option.description()).contains("${DEFAULT-VALUE}");
        boolean worthShowing = defaultValue != null && !defaultValue.equals("false") && !said;
        return builder.showDefaultValue(worthShowing ? Visibility.ALWAYS : Visibility.NEVER).build();
    }

    private static boolean isMixin(RecordComponent component) {
        boolean mixin = field(component).isAnnotationPresent(Mixin.class);
        if (mixin && !component.getType().isRecord()) {
            throw new IllegalArgumentException(component + ": @Mixin is for records");
        }
        return mixin;
    }

    private static Option option(RecordComponent component) {
        Option option = field(component).getAnnotation(Option.class);
        if (option == null) {
            throw new IllegalArgumentException(component + " carries neither @Option nor @Mixin");
        }
        return option;
    }

    /** The component's private field: picocli's annotations have no target that would leave them on the component itself. */
    private static Field field(RecordComponent component) {
        try {
            return component.getDeclaringRecord().getDeclaredField(component.getName());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a record has a field for each component", e);
        }
    }
}
