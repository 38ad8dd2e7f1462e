package downstream.eval.cli;

import downstream.eval.pretraining.Pretrainers;
import downstream.eval.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ls}: lists what is installed, plug-ins of third parties included. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Lists what is installed: tasks, protocols, pretrainers and commands.",
    footer = {"", "Examples:", "  downstream ls", "  downstream ls --format json"})
public final class LsCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() {
    Table table = new Table(List.of("kind", "name", "about"));
    Tasks.installed().values().forEach(t -> table.row("task", t.name(), t.summary()));
    for (var task : Tasks.installed().values()) {
      task.protocols().stream()
          .sorted()
          .forEach(name -> table.row("protocol", name, "of task " + task.name()));
    }
    Pretrainers.installed().values().forEach(p -> table.row("pretrainer", p.name(), p.summary()));
    commands().forEach((name, about) -> table.row("command", name, about));
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String firstSentence(String text) {
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static Map<String, String> commands() {
    Map<String, String> commands = new TreeMap<>();
    for (Subcommand subcommand : ServiceLoader.load(Subcommand.class)) {
      Command command = subcommand.getClass().getAnnotation(Command.class);
      if (command != null) {
        String name = (subcommand.group() + " " + command.name()).strip();
        commands.put(name, firstSentence(String.join(" ", command.description())));
      }
    }
    return commands;
  }
}
