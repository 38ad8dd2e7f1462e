package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.task.Tasks;
import downstream.eval.testing.SpansTask;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RegistryTest {
  @Test
  void refuses_two_plug_ins_of_the_same_id() {
    assertThatThrownBy(() -> new Registry<>("task", List.of("a", "a"), Function.identity()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("task 'a'")
        .hasMessageContaining("offered twice");
  }

  @Test
  void names_what_is_installed_and_the_nearest_when_one_is_missing() {
    var tasks = new Registry<>("task", List.of("detection", "depth"), Function.identity());
    assertThatThrownBy(() -> tasks.named("detektion"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Did you mean 'detection'?")
        .hasMessageContaining("[depth, detection]");
  }

  @Test
  void finds_tasks_on_the_class_path() {
    assertThat(Tasks.installed()).containsKey("spans");
    assertThat(Tasks.named("spans")).isInstanceOf(SpansTask.class);
  }
}
