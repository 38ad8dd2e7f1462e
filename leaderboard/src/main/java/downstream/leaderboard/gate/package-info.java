/** The gate: holds runs against a recorded baseline, for continuous integration. */
@NullMarked
package downstream.leaderboard.gate;

import org.jspecify.annotations.NullMarked;
