threads_count = ENV.fetch("RAILS_MAX_THREADS", 5)
threads threads_count, threads_count
workers 2
port ENV.fetch("PORT", 3000)
worker_timeout 30
plugin :tmp_restart
activate_control_app
plugin :yabeda
plugin :yabeda_prometheus
