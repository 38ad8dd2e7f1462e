@echo off
rem Runs Downstream from the tree this script lies in: lib\*.jar, then the jars of third parties in
rem plugins\ (or the folder that DOWNSTREAM_PLUGINS names).
setlocal
set "tree=%~dp0.."
if not defined DOWNSTREAM_PLUGINS set "DOWNSTREAM_PLUGINS=%tree%\plugins"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
rem Commands that last seconds run without the optimising compiler; what the user's own Java options
rem set is left as it is.
set "light="
if "%~1"=="" set "light=1"
for %%a in (%*) do (
  if "%%~a"=="-h" set "light=1"
  if "%%~a"=="--help" set "light=1"
  if "%%~a"=="-V" set "light=1"
  if "%%~a"=="--version" set "light=1"
)
if "%~1"=="gate" set "light=1"
if "%~1"=="ls" set "light=1"
if "%~1 %~2"=="leaderboard build" set "light=1"
if "%~1 %~2"=="leaderboard claims" set "light=1"
if "%~1 %~2"=="leaderboard retract" set "light=1"
if "%~1 %~2"=="encoder inspect" set "light=1"
set "collector=-XX:+UseParallelGC"
set "compiler="
if defined light (
  set "collector=-XX:+UseSerialGC"
  set "compiler=-XX:TieredStopAtLevel=1"
)
set "memory=-XX:MaxRAMPercentage=40"
set "own=%JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS% %_JAVA_OPTIONS%"
set own | findstr /r /c:"-XX:[+-]Use[A-Za-z0-9]*GC" >nul && set "collector="
set own | findstr "Tiered CompilationMode -Xint -Xcomp" >nul && set "compiler="
set own | findstr "MaxRAMPercentage -Xmx" >nul && set "memory="
"%java%" -Djava.awt.headless=true -Dai.djl.offline=true %memory% %collector% %compiler% ^
  -cp "%tree%\lib\*;%DOWNSTREAM_PLUGINS%\*" downstream.eval.cli.Main %*
exit /b %ERRORLEVEL%
