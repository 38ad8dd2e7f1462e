@echo off
rem Builds Downstream on first use, then runs it.
setlocal
set "home=%~dp0"
if exist "%home%target\downstream\lib\downstream-leaderboard-*.jar" goto run
echo downstream: building with Maven; this happens once and takes a minute or two 1>&2
pushd "%home%"
call mvn -q -B -ntp -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -DskipChecks package 1>&2
set "failed=%ERRORLEVEL%"
popd
if not "%failed%"=="0" (
  echo downstream: the build failed; the messages above say why 1>&2
  exit /b 2
)
:run
if not defined DOWNSTREAM_PLUGINS set "DOWNSTREAM_PLUGINS=%home%plugins"
call "%home%target\downstream\bin\downstream.cmd" %*
exit /b %ERRORLEVEL%
