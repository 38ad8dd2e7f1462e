package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
  /** A machine with two GPUs. */
  private static Optional<String> two(int gpu) {
    return gpu < 2 ? Optional.empty() : Optional.of("there is no GPU " + gpu);
  }

  private static Optional<String> none(int gpu) {
    return Optional.of("there is no GPU " + gpu);
  }

  @Test
  void auto_takes_a_gpu_where_there_is_one() {
    assertThat(Device.choose("auto", DeviceTest::two).name()).isEqualTo("cuda:0");
  }

  @Test
  void auto_falls_back_to_the_cpu_and_says_why() {
    Device chosen = Device.choose("auto", DeviceTest::none);
    assertThat(chosen.name()).isEqualTo("cpu");
    assertThat(chosen.gpu()).isEmpty();
    assertThat(chosen).hasToString("cpu (auto: there is no GPU 0)");
  }

  @Test
  void cuda_is_taken_by_number() {
    assertThat(Device.choose("cuda", DeviceTest::two).gpu()).isEqualTo(OptionalInt.of(0));
    assertThat(Device.choose("cuda:1", DeviceTest::two).gpu()).isEqualTo(OptionalInt.of(1));
  }

  @Test
  void cuda_that_cannot_be_had_is_refused() {
    assertThatThrownBy(() -> Device.choose("cuda:2", DeviceTest::two))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--device: 'cuda:2' cannot be used: there is no GPU 2")
        .hasMessageContaining("--device cpu");
  }

  @Test
  void all_gpus_are_taken_in_order() {
    Device all = Device.choose("cuda:all", DeviceTest::two);
    assertThat(all.replicas()).isEqualTo(2);
    assertThat(all.each()).extracting(Device::name).containsExactly("cuda:0", "cuda:1");
    assertThat(all).hasToString("cuda:0, cuda:1 (2 replicas share each batch)");
  }

  @Test
  void all_gpus_of_a_machine_without_one_are_refused() {
    assertThatThrownBy(() -> Device.choose("cuda:all", DeviceTest::none))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--device: 'cuda:all' cannot be used: there is no GPU 0")
        .hasMessageContaining("--device cpu");
  }

  @Test
  void all_gpus_of_a_machine_with_one_are_that_one() {
    Device all =
        Device.choose(
            "cuda:all", gpu -> gpu == 0 ? Optional.empty() : Optional.of("there is no GPU"));
    assertThat(all.each()).containsExactly(all);
    assertThat(all).hasToString("cuda:0");
  }

  @Test
  void several_replicas_can_share_the_cpu() {
    Device two = Device.choose("cpu:2", DeviceTest::none);
    assertThat(two.each()).containsExactly(Device.CPU, Device.CPU);
    assertThat(two.name()).isEqualTo("cpu");
  }

  @Test
  void cpu_looks_for_no_gpu() {
    Device chosen =
        Device.choose(
            "cpu",
            gpu -> {
              throw new AssertionError("looked for a GPU");
            });
    assertThat(chosen).isEqualTo(Device.CPU).hasToString("cpu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gpu", "cuda:", "cuda:x", "CPU", "", "cuda:-1", "cuda:99999", "cpu:0", "cpu:x"})
  void other_names_are_refused(String name) {
    assertThatThrownBy(() -> Device.choose(name, DeviceTest::two))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "must be auto, cpu, cpu:N, cuda, cuda:N or cuda:all, not '" + name + "'");
  }

  @Test
  void arrays_of_the_cpu_are_on_the_cpu() {
    try (NDManager manager = Device.CPU.newManager()) {
      assertThat(manager.getDevice()).isEqualTo(ai.djl.Device.cpu());
      assertThat(Device.of(manager)).isEqualTo(Device.CPU);
    }
  }
}
