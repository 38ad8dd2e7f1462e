package downstream.pretrain.cli;

import downstream.eval.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs commands in tests. */
final class CommandRun {
  private CommandRun() {}

  /** Returns what a command writes, its exit code before it if it fails. */
  static String output(String... arguments) {
    PrintStream err = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(captured, true, StandardCharsets.UTF_8);
    System.setErr(both);
    System.setOut(both);
    try {
      int code = Main.run(arguments);
      return (code == 0 ? "" : code + " ") + captured.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(err);
      System.setOut(out);
    }
  }
}
