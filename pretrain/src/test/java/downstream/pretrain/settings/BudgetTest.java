package downstream.pretrain.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  @ParameterizedTest
  @ValueSource(strings = {"epochs=200", "images=100000", "flops=20000000000000", "minutes=1.5"})
  void is_written_as_it_is_read(String text) {
    assertThat(Budget.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "hours=3", "epochs=", "epochs=many"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> Budget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget is epochs=")
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void nothing_is_refused() {
    assertThatThrownBy(() -> Budget.epochs(0)).hasMessageContaining("budget must be positive");
  }

  @Test
  void can_be_shared_and_spent() {
    assertThat(Budget.epochs(10).fraction(.3)).isEqualTo(Budget.epochs(3));
    assertThat(Budget.epochs(10).minus(4)).isEqualTo(Budget.epochs(6));
    assertThat(Budget.epochs(10).minus(40).amount()).isPositive();
  }
}
