class ApplicationPolicy
  attr_reader :user, :record

  def initialize(user, record)
    @user = user
    @record = record
  end

  def create? = user.present?
  def update? = record.user == user || user.staff?
  def destroy? = update?
end
