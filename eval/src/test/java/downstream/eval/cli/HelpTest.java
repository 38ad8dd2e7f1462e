package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
  private static List<CommandLine> commands() {
    List<CommandLine> commands = new ArrayList<>();
    collect(Main.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(8);
    return commands;
  }

  private static void collect(CommandLine command, List<CommandLine> commands) {
    for (CommandLine subcommand : command.getSubcommands().values()) {
      commands.add(subcommand);
      collect(subcommand, commands);
    }
  }

  @Test
  void every_line_of_an_example_stands_unbroken() {
    for (CommandLine subcommand : commands()) {
      String help = subcommand.getUsageMessage();
      for (String line : subcommand.getCommandSpec().usageMessage().footer()) {
        assertThat(help).contains(line).doesNotContain("\\\\");
      }
    }
  }

  @Test
  void the_first_line_about_a_verb_is_a_whole_sentence() {
    for (CommandLine subcommand : commands()) {
      String[] about = subcommand.getCommandSpec().usageMessage().description();
      assertThat(about).as(subcommand.getCommandName()).isNotEmpty();
      assertThat(about[0]).as(subcommand.getCommandName()).endsWith(".").doesNotContain("%");
    }
  }

  @Test
  void reading_a_command_alone_changes_no_help() {
    CommandLine complete = Main.commandLine();
    CommandLine partial = Main.commandLine(CommandLoading.of("encoder", "verify", "--help"));
    assertThat(partial.getUsageMessage()).isEqualTo(complete.getUsageMessage());
    CommandLine encoder = group(partial);
    assertThat(encoder.getUsageMessage()).isEqualTo(group(complete).getUsageMessage());
    assertThat(command(encoder, "verify").getUsageMessage())
        .isEqualTo(command(group(complete), "verify").getUsageMessage());
    assertThat(command(encoder, "inspect").getCommandSpec().options()).isEmpty();
  }

  @Test
  void arguments_from_a_file_may_name_any_command() {
    CommandLine encoder = group(Main.commandLine(CommandLoading.of("@arguments.txt")));
    assertThat(command(encoder, "inspect").getCommandSpec().options()).isNotEmpty();
  }

  private static CommandLine group(CommandLine root) {
    return command(root, "encoder");
  }

  private static CommandLine command(CommandLine parent, String name) {
    return Objects.requireNonNull(parent.getSubcommands().get(name));
  }
}
