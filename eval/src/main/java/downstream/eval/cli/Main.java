package downstream.eval.cli;

import com.sun.jna.NativeLibrary;
import downstream.eval.BadInput;
import downstream.eval.train.TrainingStopped;
import java.io.PrintWriter;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code downstream}, with every {@link Subcommand} on the class path. */
@Command(
    name = "downstream",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description =
        "Fine-tunes ONNX vision encoders on downstream tasks, scores them and ranks them.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  static final String VERSION = "downstream 0.1.0-SNAPSHOT";

  private static final Map<String, String> GROUPS =
      Map.of(
          "data", "Generate and audit data sets.",
          "encoder", "Inspect, verify and time ONNX encoders.",
          "score", "Compute metrics from prediction files.",
          "leaderboard", "Rank runs, and check what is ranked.");

  /**
   * Columns of the help: wide enough that no example is wrapped, since a wrapped one cannot be
   * pasted.
   */
  private static final int HELP_WIDTH = 120;

  private static final int BAD_INPUT = 2;
  private static final int NOT_MEASURED = 3;
  private static final int INTERRUPTED = 130;

  private Main() {}

  /**
   * Runs one command line and exits with its code. Interrupted, it ends at once: an orderly end
   * would unload the engine under the threads that still compute in it, which crashes; what matters
   * is on disk already.
   */
  public static void main(String[] arguments) {
    Thread halt = new Thread(Main::endAtOnce);
    Runtime.getRuntime().addShutdownHook(halt);
    int code = run(arguments);
    Runtime.getRuntime().removeShutdownHook(halt);
    System.exit(code);
  }

  /**
   * Java's own halt still runs what native libraries want done at the end; {@code _exit} does not.
   */
  private static void endAtOnce() {
    try {
      NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {INTERRUPTED});
    } catch (LinkageError e) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
  }

  /** Runs one command line in this process and returns its exit code. */
  public static int run(String... arguments) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      // Without picocli, which takes longer to load than all else.
      System.out.println(VERSION);
      return 0;
    }
    return commandLine(CommandLoading.of(arguments)).execute(arguments);
  }

  /** The command line with the options of every command. */
  static CommandLine commandLine() {
    return commandLine(CommandLoading.COMPLETE);
  }

  static CommandLine commandLine(CommandLoading loading) {
    CommandLine root = new CommandLine(new Main());
    root.getCommandSpec().usageMessage().showDefaultValues(false);
    Map<String, CommandLine> groups = new TreeMap<>();
    for (Subcommand subcommand : ServiceLoader.load(Subcommand.class)) {
      CommandLine parent =
          subcommand.group().isEmpty()
              ? root
              : groups.computeIfAbsent(subcommand.group(), Main::group);
      parent.addSubcommand(loading.load(subcommand));
    }
    groups.forEach(root::addSubcommand);
    root.setExecutionExceptionHandler(Main::explain);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setUsageHelpWidth(HELP_WIDTH);
    return root;
  }

  private static CommandLine group(String name) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(GROUPS.getOrDefault(name, ""));
    return new CommandLine(spec);
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof BadInput || failure instanceof TrainingStopped) {
      err.println("downstream: " + failure.getMessage());
      return failure instanceof BadInput ? BAD_INPUT : NOT_MEASURED;
    }
    failure.printStackTrace(err);
    err.println("downstream: this should not have happened; please report it with the lines above");
    return NOT_MEASURED;
  }
}
