package downstream.eval.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Decides which commands are read with their options. Reading all of them takes most of the time of
 * {@code --help}; a command whose name is not typed needs its name and its description alone.
 */
final class CommandLoading {
  /** Reads every command with its options. */
  static final CommandLoading COMPLETE = new CommandLoading(Optional.empty());

  private final Optional<Set<String>> words;

  private CommandLoading(Optional<Set<String>> words) {
    this.words = words;
  }

  /** Reads what these arguments can name; all, if they may come from a file ({@code @FILE}). */
  static CommandLoading of(String... arguments) {
    Set<String> words = Set.copyOf(List.of(arguments));
    boolean expands = words.stream().anyMatch(word -> word.startsWith("@"));
    return expands ? COMPLETE : new CommandLoading(Optional.of(words));
  }

  /** Returns the command, with its options if it can be the one that is run. */
  CommandLine load(Subcommand subcommand) {
    Command command = subcommand.getClass().getAnnotation(Command.class);
    if (command == null || words.map(typed -> typed.contains(command.name())).orElse(true)) {
      return new CommandLine(subcommand);
    }
    CommandSpec spec = CommandSpec.create().name(command.name()).aliases(command.aliases());
    spec.usageMessage().header(command.header()).description(command.description());
    spec.usageMessage().hidden(command.hidden());
    return new CommandLine(spec);
  }
}
