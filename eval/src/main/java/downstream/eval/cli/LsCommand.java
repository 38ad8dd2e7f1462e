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

/** {@code ls}: what is installed, plug-ins of third parties included. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Shows what is installed: tasks, protocols, pretrainers and verbs.",
    footer = {"", "Examples:", "  downstream ls", "  downstream ls --format json"})
public final class LsCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json or csv.")
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
    verbs().forEach((name, about) -> table.row("verb", name, about));
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String firstSentence(String text) {
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static Map<String, String> verbs() {
    Map<String, String> verbs = new TreeMap<>();
    for (Subcommand verb : ServiceLoader.load(Subcommand.class)) {
      Command command = verb.getClass().getAnnotation(Command.class);
      if (command != null) {
        String name = (verb.group() + " " + command.name()).strip();
        verbs.put(name, firstSentence(String.join(" ", command.description())));
      }
    }
    return verbs;
  }
}
